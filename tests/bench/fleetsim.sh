#!/usr/bin/env bash
# GETs per second of platen-fleetsim on one core, beside Debian's snmpd
# targets: platen-fleetsim platen-snmpload
set -euo pipefail
top=$(pwd) build=$PLATEN_BUILD seconds=${1:-5} work=$(mktemp -d)
# The peer is taken out of its package, not installed: nothing else of it is wanted here.
(cd "$work" && apt-get update -q && apt-get download -q snmpd && dpkg-deb -x snmpd_*.deb peer) >"$work/log" 2>&1 ||
  { tail -n 3 "$work/log" >&2; echo "platen: the peer of this benchmark, Debian's snmpd, could not be fetched." >&2; exit 1; }
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# measure NAME PID ADDRESS PORT: the server has core 0 for itself, the load core 1.
measure() {
  local before after ticks answers wall
  ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
  taskset -c 1 "$build/tests/bench/platen-snmpload" "$3" "$4" 1 >/dev/null
  before=$(ticks "$2")
  read -r answers wall < <(taskset -c 1 "$build/tests/bench/platen-snmpload" "$3" "$4" "$seconds")
  after=$(ticks "$2")
  awk -v n="$1" -v a="$answers" -v w="$wall" -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" \
    'BEGIN { printf "%-10s %9.0f GET/s   %9.0f GET per CPU second\n", n, a / w, a / (t / hz) }'
}

taskset -c 0 "$build/tests/fleetsim/platen-fleetsim" serve "$top/tests/fixtures/walks" --net 127.0.9.0/24 --port 11610 >/dev/null &
pids+=($!); sim=$!
printf 'rocommunity public 127.0.0.0/8\nagentaddress udp:127.0.0.1:11611\n' >"$work/snmpd.conf"
MIBS= taskset -c 0 "$work/peer/usr/sbin/snmpd" -f -Lf /dev/null -C -c "$work/snmpd.conf" -p "$work/pid" -I system_mib &
pids+=($!); peer=$!
sleep 1
{
  measure fleetsim "$sim" 127.0.9.1 11610
  measure snmpd "$peer" 127.0.0.1 11611
} | tee "$work/out"
awk '{ rate[$1] = $4 } END { printf "ratio      %.2f (fleetsim / snmpd, GET per CPU second)\n", rate["fleetsim"] / rate["snmpd"] }' "$work/out"
