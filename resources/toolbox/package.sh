#!/usr/bin/env bash
# Makes one .deb per component (server, agent, console, fleetsim) from the release build, in build/packages.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf build/packages
cpack --config build/release/CPackConfig.cmake -G DEB -B build/packages >build/packages.log || { tail -n 15 build/packages.log >&2; exit 1; }
rm -rf build/packages/_CPack_Packages
ls -l build/packages/*.deb
