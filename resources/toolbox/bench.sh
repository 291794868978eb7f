#!/usr/bin/env bash
# ./platen bench NAME: runs tests/bench/NAME.sh on the release build.
set -euo pipefail
cd "$(dirname "$0")/../.."
if [ $# -eq 0 ]; then
  echo "Benchmarks (./platen bench NAME):"
  for file in tests/bench/*.sh; do
    printf '  %-12s %s\n' "$(basename "$file" .sh)" "$(sed -n '2s/^# //p' "$file")"
  done
  exit 0
fi
[ -e "tests/bench/$1.sh" ] || { echo "platen: there is no benchmark '$1'; ./platen bench lists them." >&2; exit 1; }
file=tests/bench/$1.sh
shift
exec bash "$file" "$@"
