#!/usr/bin/env bash
# Bytes and requests per printer on the wire, read first and again, beside Debian's snmp_exporter [FOLDER of recordings]
# targets: platen-fleetsim platen-readingbytes
set -euo pipefail
recordings=${1:-}
[ -n "$recordings" ] || { [ -d ../shared/corpus/dev ] && recordings=../shared/corpus/dev; } || recordings=tests/fixtures/walks
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  command -v prometheus-snmp-exporter >/dev/null ||
    { apt-get update -q && apt-get install -qy --no-install-recommends prometheus-snmp-exporter curl; } >/dev/null 2>&1 ||
    { echo "platen: the peer of this benchmark, Debian's prometheus-snmp-exporter, could not be installed." >&2; exit 1; }
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi

. tests/bench/parts/printers.sh
serve "$recordings"
echo "Recordings of $recordings, one printer after the other:"
"$PLATEN_BUILD/tests/bench/platen-readingbytes" "$work/map" 161 site | tee "$work/out"

exporter
while read -r address _; do
  before=$(bytes site)
  curl -s "127.0.0.1:9116/snmp?module=printer&target=$address" >/dev/null
  echo $(($(bytes site) - before))
done <"$work/map" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }' >"$work/peer"
first=$(sed -n 's/^first .*bytes median \([0-9]*\).*/\1/p' "$work/out")
repeat=$(sed -n 's/^repeat .*bytes median \([0-9]*\).*/\1/p' "$work/out")
awk -v f="$first" -v r="$repeat" -v p="$(cat "$work/peer")" 'BEGIN {
  printf "snmp_exporter, 13 objects: median %d B each time\n", p
  printf "platen / snmp_exporter: first %.2f, repeat %.2f; median %.2f KB and %.2f KB, goals 3.0 and 0.45\n", f / p, r / p, f / 1000, r / 1000 }'
