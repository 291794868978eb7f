#!/usr/bin/env bash
# Memory of an agent that knows 1,000 printers and reads 256 of them at a time [PRINTERS [AT_ONCE]]
# targets: platen-agent platen-server platen-fleetsim
set -euo pipefail
count=${1:-1000} window=${2:-256}
agent=$PLATEN_BUILD/app-agent/platen-agent server=$PLATEN_BUILD/app-server/platen-server
fleetsim=$PLATEN_BUILD/tests/fleetsim/platen-fleetsim
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work/config
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
ip link set lo up
until_true() { for _ in $(seq 1200); do "$@" && return; sleep 0.1; done; echo "platen: waited in vain for: $*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
said() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$work/agent/status.json" 2>/dev/null; }
memory() { awk -v k="$1:" '$1 == k { print $2 / 1024 }' "/proc/$running/status"; }

"$fleetsim" serve tests/fixtures/walks --net 127.0.16.0/20 --port 1161 --count "$count" --map "$work/map" >"$work/fleet.log" 2>&1 &
pids+=($!)
"$server" run --data "$work/server" --listen 127.0.0.1:8443 --ready-file "$work/ready" >"$work/server.log" 2>&1 &
pids+=($!)
until_true test -e "$work/ready" -a -e "$work/map"
mkdir -p "$work/agent"
last=$(tail -n 1 "$work/map" | cut -f 1)
cat >"$work/agent/agent.json" <<JSON
{"ranges": ["127.0.16.1-$last"], "port": 1161, "packetsPerSecond": 10000, "devicesAtOnce": $window, "statusInterval": "5s", "ipp": false, "pages": false}
JSON
pin=$("$server" pin create --json --data "$work/server" | sed -n 's/.*"pin": *"\([^"]*\)".*/\1/p')
"$agent" activate --data "$work/agent" --server https://127.0.0.1:8443 --pin "$pin" >"$work/activate.log" 2>&1
"$agent" run --data "$work/agent" >"$work/agent.log" 2>&1 &
running=$!
pids+=("$running")
# Some recordings have no serial number that the simulator could change: their copies are one printer to the agent.
knows_all() { [ -n "$(said devices)" ] && [ "$(said devices)" -ge $((count * 85 / 100)) ] && [ "$(said waitingEnvelopes)" = 0 ]; }
until_true knows_all
first=$(memory VmHWM)
read_again() { [ "$(said readAt)" != "$1" ]; }
for _ in 1 2 3; do at=$(said readAt); until_true read_again "$at"; done
awk -v n="$(said devices)" -v f="$first" -v h="$(memory VmHWM)" -v r="$(memory VmRSS)" -v s="$(memory RssFile)" -v a="$(memory RssAnon)" 'BEGIN {
  printf "%d printers known: %.1f MiB resident at most in the search and first readings, %.1f at most after three more rounds, %.1f now: %.1f of its own, %.1f of the program and libraries; goal 40\n", n, f, h, r, a, s }'
