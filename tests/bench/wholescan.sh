#!/usr/bin/env bash
# Bytes of whole scans on the wire, search, reading and submission over TLS, beside a closed product's published table
# targets: platen-agent platen-server platen-fleetsim
set -euo pipefail
agent=$PLATEN_BUILD/app-agent/platen-agent server=$PLATEN_BUILD/app-server/platen-server
fleetsim=$PLATEN_BUILD/tests/fleetsim/platen-fleetsim
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi

# Here the agent; behind one link the printers, which own all of 10.20.0.0/16, behind another the server. Who asks for an address
# without a printer is heard and not answered.
work=$(mktemp -d)
export XDG_CONFIG_HOME=$work/config HOME=$work
unshare -n sleep infinity & printers=$!
unshare -n sleep infinity & world=$!
fleet='' serving='' running=''
trap 'kill $running $serving $fleet 2>/dev/null || true; kill $printers $world; rm -rf "$work"' EXIT
sleep 0.2
ip link set lo up

# join NAME PROCESS NET: a link of its own to the namespace of that process, without name services and address resolution.
join() {
  ip link add "$1" type veth peer name "far$1"
  ip link set "far$1" netns "$2"
  local side
  for side in "ip $1 $3.1 $3.2 1 2" "nsenter -t $2 -n ip far$1 $3.2 $3.1 2 1"; do
    read -ra words <<<"$side"
    local n=${#words[@]}
    local run=("${words[@]:0:n-5}") name=${words[n - 5]} own=${words[n - 4]} other=${words[n - 3]} a=${words[n - 2]} b=${words[n - 1]}
    "${run[@]}" link set lo up
    "${run[@]}" link set "$name" address "02:00:00:00:00:0$a" addrgenmode none
    "${run[@]}" addr add "$own/24" dev "$name"
    "${run[@]}" link set "$name" up
    "${run[@]}" neigh add "$other" lladdr "02:00:00:00:00:0$b" dev "$name" nud permanent
  done
}
join site "$printers" 192.168.77
join uplink "$world" 192.168.78
ip route add 10.20.0.0/16 via 192.168.77.2
nsenter -t "$printers" -n ip route add local 10.20.0.0/16 dev lo

until_true() { for _ in $(seq 600); do "$@" && return; sleep 0.1; done; echo "platen: waited in vain for: $*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
bytes() { awk -F'[: ]+' -v l="$1" '{ sub(/^ */, "") } $1 == l { print $2 + $10 }' /proc/net/dev; }
said() { sed -n "s/^ *\"$1\": \"\{0,1\}\([^\",]*\)\"\{0,1\},\{0,1\}$/\1/p" "$work/agent/status.json" 2>/dev/null; }

nsenter -t "$world" -n "$server" run --data "$work/server" --listen 192.168.78.2:8443 --ready-file "$work/ready" >"$work/server.log" 2>&1 &
serving=$!
until_true test -e "$work/ready"

searched_since() { [ "$(said searchedAt)" != "$1" ] && [ "$(said searchedAt)" != null ] && [ -n "$(said searchedAt)" ]; }
delivered() { [ "$(said connection)" = connected ] && [ "$(said waitingEnvelopes)" = 0 ] && [ "$(said acknowledgedSeq)" = "$(said spooledSeq)" ]; }

# scan NAME COUNT RANGE GOALS: a new agent; its first search, and the next.
scan() {
  local name=$1 count=$2 range=$3 before since first repeat
  rm -rf "$work/agent" "$work/map"
  "$fleetsim" --version >/dev/null
  nsenter -t "$printers" -n "$fleetsim" serve tests/fixtures/walks --net 10.20.0.0/16 --any-net --port 161 --count "$count" --map "$work/map" >"$work/fleet.log" 2>&1 &
  fleet=$!
  until_true test -e "$work/map"
  mkdir -p "$work/agent"
  printf '{"ranges": ["%s"], "discoveryInterval": "10s", "statusInterval": "1d", "metersAt": "%s"}\n' "$range" "$(date -d '-1 hour' +%H:%M)" >"$work/agent/agent.json"
  pin=$("$server" pin create --json --data "$work/server" | sed -n 's/.*"pin": *"\([^"]*\)".*/\1/p')
  "$agent" activate --data "$work/agent" --server https://192.168.78.2:8443 --pin "$pin" >"$work/activate.log" 2>&1
  before=$(($(bytes site) + $(bytes uplink)))
  local lan=$(bytes site)
  "$agent" run --data "$work/agent" >"$work/agent.log" 2>&1 &
  running=$!
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
  kill "$fleet"; wait "$fleet" 2>/dev/null || true
  running='' fleet=''
  awk -v n="$name" -v f="$first" -v r="$repeat" -v l="$lan" -v l2="$lan2" -v gf="$4" -v gr="$5" -v p="$6" -v d="$found" 'BEGIN {
    printf "%-18s %3d  first %7.2f KB (at the site %6.2f), goal %5.1f   repeat %6.2f KB (at the site %6.2f), goal %4.1f   published %5.1f, ratio %.2f\n",
      n, d, f / 1000, l / 1000, gf, r / 1000, l2 / 1000, gr, p, r / 1000 / p }'
}

echo "Frames both ways, Ethernet; a search, what it reads and what it sends; the connection is made in the first and stays."
scan "one empty address" 1 10.20.0.100 4.5 0.6 5.2
scan "1 device" 1 10.20.0.1 4.6 1.2 7.2
scan "1 of 254" 1 10.20.0.0/24 46 45 96
scan "15 of 254" 15 10.20.0.0/24 100 55 125
