#!/usr/bin/env bash
# Bytes of whole scans on the wire, search, reading and submission over TLS, beside a closed product's published table [FOLDER of recordings]
# targets: platen-agent platen-server platen-fleetsim
set -euo pipefail
walks=${1:-tests/fixtures/walks}
agent=$PLATEN_BUILD/app-agent/platen-agent server=$PLATEN_BUILD/app-server/platen-server
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi

# Here the agent; behind one link the printers, behind another the server.
. tests/bench/parts/printers.sh
export XDG_CONFIG_HOME=$work/config HOME=$work
unshare -n sleep infinity & world=$!
started+=("$world")
sleep 0.2
join uplink "$world" 192.168.78

until_true() { for _ in $(seq 600); do "$@" && return; sleep 0.1; done; echo "platen: waited in vain for: $*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
said() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$work/agent/status.json" 2>/dev/null; }

nsenter -t "$world" -n "$server" run --data "$work/server" --listen 192.168.78.2:8443 --ready-file "$work/ready" >"$work/server.log" 2>&1 &
started+=($!)
until_true test -e "$work/ready"

searched_since() { [ "$(said searchedAt)" != "$1" ] && [ "$(said searchedAt)" != null ] && [ -n "$(said searchedAt)" ]; }
delivered() { [ "$(said connection)" = connected ] && [ "$(said waitingEnvelopes)" = 0 ] && [ "$(said acknowledgedSeq)" = "$(said spooledSeq)" ]; }

# scan NAME COUNT RANGE GOALS: a new agent; its first search, and the next.
scan() {
  local name=$1 count=$2 range=$3 before since first repeat
  rm -rf "$work/agent"
  serve "$walks" --count "$count"
  mkdir -p "$work/agent"
  printf '{"ranges": ["%s"], "discoveryInterval": "10s", "statusInterval": "1d", "metersAt": "%s"}\n' "$range" "$(date -d '-1 hour' +%H:%M)" >"$work/agent/agent.json"
  pin=$("$server" pin create --json --data "$work/server" | sed -n 's/.*"pin": *"\([^"]*\)".*/\1/p')
  "$agent" activate --data "$work/agent" --server https://192.168.78.2:8443 --pin "$pin" >"$work/activate.log" 2>&1
  before=$(($(bytes site) + $(bytes uplink)))
  local lan=$(bytes site)
  "$agent" run --data "$work/agent" >"$work/agent.log" 2>&1 &
  running=$!
  started+=("$running")
  until_true searched_since ''
  until_true delivered
  sleep 0.5
  first=$(($(bytes site) + $(bytes uplink) - before)) lan=$(($(bytes site) - lan))
  since=$(said searchedAt)
  before=$(($(bytes site) + $(bytes uplink)))
  local lan2=$(bytes site)
  until_true searched_since "$since"
  until_true delivered
  sleep 0.5
  repeat=$(($(bytes site) + $(bytes uplink) - before)) lan2=$(($(bytes site) - lan2))
  local found; found=$(said devices)
  kill "$running"; wait "$running" 2>/dev/null || true
  stop_serving
  awk -v n="$name" -v f="$first" -v r="$repeat" -v l="$lan" -v l2="$lan2" -v gf="$4" -v gr="$5" -v p="$6" -v d="$found" 'BEGIN {
    printf "%-18s %3d  first %7.2f KB (at the site %6.2f), goal %5.1f   repeat %6.2f KB (at the site %6.2f), goal %4.1f   published %5.1f, ratio %.2f\n",
      n, d, f / 1000, l / 1000, gf, r / 1000, l2 / 1000, gr, p, r / 1000 / p }'
}

echo "Frames both ways, Ethernet; a search, what it reads and what it sends; the connection is made in the first and stays."
scan "one empty address" 1 10.20.0.100 4.5 0.6 5.2
scan "1 device" 1 10.20.0.1 4.6 1.2 7.2
scan "1 of 254" 1 10.20.0.0/24 46 45 96
scan "15 of 254" 15 10.20.0.0/24 100 55 125
