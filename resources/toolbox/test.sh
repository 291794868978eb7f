#!/usr/bin/env bash
# Runs the tests of a finished build: all, or those whose name matches the first word.
set -euo pipefail
cd "$(dirname "$0")/../.."
preset=${PLATEN_PRESET:-dev}
exec ctest --test-dir "build/$preset" --output-on-failure --no-tests=error -j "$(nproc)" ${1:+-R "$1"}
