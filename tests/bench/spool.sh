#!/usr/bin/env bash
# What a spool holds after 30 days without a server at 1,000 printers, and what opening it costs [PRINTERS [DAYS]]
# targets: platen-spooldays
#
# No peer keeps such a spool, so nothing stands beside it.
set -euo pipefail
printers=${1:-1000} days=${2:-30}
recordings=tests/fixtures/walks
echo "$printers printers, $days days, read every 15 minutes:"
TZ=UTC "$PLATEN_BUILD/tests/bench/platen-spooldays" "$recordings" "$printers" "$days"
echo "The same with 16 MiB for the spool:"
TZ=UTC "$PLATEN_BUILD/tests/bench/platen-spooldays" "$recordings" "$printers" "$days" 16
echo "Many small envelopes:"
for count in 10000 130000; do "$PLATEN_BUILD/tests/bench/platen-spooldays" --files "$count"; done
