#!/usr/bin/env bash
# Sweeps of a /24 with 15 printers and a /16 with 200, beside braa and zmap; with loss as well [RUNS [LOSS_RUNS]]
# targets: platen-fleetsim platen-sweeponce
set -euo pipefail
runs=${1:-3} loss_runs=${2:-100}
sweep=$PLATEN_BUILD/tests/bench/platen-sweeponce

# The peers come first: the namespace has no way out. Then everything runs again inside.
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  command -v braa >/dev/null && command -v zmap >/dev/null ||
    { apt-get update -q && apt-get install -qy --no-install-recommends braa zmap; } >/dev/null 2>&1 ||
    { echo "platen: the peers of this benchmark, Debian's braa and zmap, could not be installed." >&2; exit 1; }
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi

# Here the sweeper; behind a link of its own the printers: every request crosses the link once.
. tests/bench/parts/printers.sh

# measure NAME COMMAND…: wall seconds, CPU seconds, bytes of the frames on the link both ways, printers found.
measure() {
  local before wall user system found TIMEFORMAT='%R %U %S'
  before=$(bytes site)
  { time "${@:2}" >"$work/found" 2>"$work/err"; } 2>"$work/time" || { tail -n 3 "$work/err" >&2; exit 1; }
  read -r wall user system <"$work/time"
  found=$(grep -oE '10\.20\.[0-9]+\.[0-9]+' "$work/found" | sort -u | wc -l)
  awk -v n="$1" -v w="$wall" -v u="$user" -v s="$system" -v b=$(($(bytes site) - before)) -v f="$found" \
    'BEGIN { printf "%-22s %8.2f s %8.2f s CPU %9.1f KB %5d found\n", n, w, u + s, b / 1000, f }' | tee -a "$work/table"
}

# The median of a column of the rows of this name.
median() { awk -F'\t' -v n="$1" -v c="$2" 'index($0, n) == 1 { $0 = substr($0, length(n) + 1); split($0, f, " "); print f[c] }' "$work/table" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
ratio() { awk -v a="$(median "$1" "$3")" -v b="$(median "$2" "$3")" 'BEGIN { printf "%.2f", a / b }'; }

echo "/24, 15 printers, 2 passes (sysObjectID.0; median of $runs):"
serve tests/fixtures/walks --count 15
: >"$work/table"
for _ in $(seq "$runs"); do
  measure "braa" braa public@10.20.0.1-10.20.0.254:161:.1.3.6.1.2.1.1.2.0
  measure "platen, 1000/s" "$sweep" 10.20.0.0/24
  measure "platen, no limit" "$sweep" 10.20.0.0/24 --rate 0
done
echo "platen / braa: wall $(ratio 'platen, 1000/s' braa 1) at the default 1,000 packets/s, $(ratio 'platen, no limit' braa 1) without a limit; goal 0.55"
echo "platen: $(median 'platen, 1000/s' 6) KB on the wire; goal 43.5"

echo "/16, 200 printers, unthrottled:"
serve tests/fixtures/walks --count 200
probe=$work/probe # GET sysObjectID.0, v2c, public
printf '\x30\x29\x02\x01\x01\x04\x06public\xa0\x1c\x02\x04\x41\x42\x43\x44\x02\x01\x00\x02\x01\x00\x30\x0e\x30\x0c\x06\x08\x2b\x06\x01\x02\x01\x01\x02\x00\x05\x00' >"$probe"
: >"$work/none"
for _ in $(seq "$runs"); do
  measure "zmap -P2" zmap -q -M udp -p 161 -P 2 -r 0 --probe-args="file:$probe" -i site -S 192.168.77.1 -G 02:00:00:00:00:02 -b "$work/none" -o - 10.20.0.0/16
  measure "platen, /16" "$sweep" 10.20.0.0/16 --rate 0
done
echo "platen / zmap: wall $(ratio 'platen, /16' 'zmap -P2' 1), goal 1.0; CPU $(ratio 'platen, /16' 'zmap -P2' 3), goal 0.15"

[ "$loss_runs" -gt 0 ] || exit 0
echo "/24, 15 printers, 2 % of the requests and 2 % of the answers lost, $loss_runs times:"
serve tests/fixtures/walks --count 15 --loss 0.0396 # that either is lost: 1 − 0.98²
whole=0
for _ in $(seq "$loss_runs"); do
  [ "$("$sweep" 10.20.0.0/24 --rate 0 2>/dev/null | wc -l)" -ne 15 ] || whole=$((whole + 1))
done
awk -v w="$whole" -v n="$loss_runs" 'BEGIN { printf "15 of 15 found in %d of %d (%.1f %%), goal 97 %%\n", w, n, 100 * w / n }'
