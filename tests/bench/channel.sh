#!/usr/bin/env bash
# Connections, messages and submissions of thousands of agents, beside Node's ws and better-sqlite3 [CONNECTIONS…]
# targets: platen-server platen-agentsim
#
# Where npm cannot reach its registry, PLATEN_BENCH_MODULES may name a folder whose node_modules has ws 8 and better-sqlite3.
set -euo pipefail
counts=("$@")
[ $# -gt 0 ] || counts=(2000 10000)
rate=${PLATEN_BENCH_RATE:-1000} seconds=${PLATEN_BENCH_SECONDS:-20}
server=$PLATEN_BUILD/app-server/platen-server sim=$PLATEN_BUILD/tests/agentsim/platen-agentsim
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  { command -v node >/dev/null && command -v npm >/dev/null; } ||
    { apt-get update -q && apt-get install -qy --no-install-recommends nodejs npm libnode-dev; } >/dev/null 2>&1 ||
    { echo "platen: the peer of this benchmark, Debian's nodejs, could not be installed." >&2; exit 1; }
  if [ -z "${PLATEN_BENCH_MODULES:-}" ]; then
    export PLATEN_BENCH_MODULES=${XDG_CACHE_HOME:-$HOME/.cache}/platen/bench-modules
    [ -d "$PLATEN_BENCH_MODULES/node_modules/better-sqlite3" ] ||
      npm install --silent --no-fund --no-audit --prefix "$PLATEN_BENCH_MODULES" ws@8 better-sqlite3 >/dev/null 2>&1 ||
      { echo "platen: npm could not bring ws and better-sqlite3: see PLATEN_BENCH_MODULES in tests/bench/channel.sh." >&2; exit 1; }
  fi
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
ip link set lo up
until_true() { for _ in $(seq 300); do "$@" && return; sleep 0.1; done; echo "platen: waited in vain for: $*" >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); print ($12 + $13) / hz }' "/proc/$1/stat"; }
memory() { awk -v k="$2:" '$1 == k { print $2 }' "/proc/$1/status"; }
calc() { awk "BEGIN { printf \"$1\", $2 }"; }

# agents ARG…: starts the simulator; ask LINE then tells it what to do and keeps its answer in $answer.
agents() {
  coproc SIM { exec "$sim" run "$@" 2>>"$work/sim.log"; }
  sim_pid=$SIM_PID
}
ask() {
  echo "$1" >&"${SIM[1]}"
  read -r answer <&"${SIM[0]}" || { echo "platen: the simulator is gone." >&2; tail -n 5 "$work"/*.log >&2; exit 1; }
  [[ $answer == ok* ]] || echo "platen: $1: $answer" >&2
}
said() { sed -n "s/.* $1=\([^ ]*\).*/\1/p" <<<"$answer"; }
disperse() { exec {SIM[1]}>&-; wait "$sim_pid" || true; }
stop() { kill "$1" 2>/dev/null; wait "$1" 2>/dev/null || true; }

start_platen() {
  rm -f "$work/ready"
  "$server" run --data "$work/data" --listen 127.0.0.1:8443 --ready-file "$work/ready" >>"$work/server.log" 2>&1 &
  running=$!; pids+=($!)
  until_true test -e "$work/ready"
}
start_echo() {
  "$sim" echo --port 8443 --certificate "$work/tls.crt" --tls-key "$work/tls.key" >"$work/echo.log" 2>&1 &
  running=$!; pids+=($!)
  sleep 0.5
}
start_node() {
  rm -f "$work"/node.db*
  node --expose-gc tests/bench/parts/wsserver.mjs 8443 "$work/tls.crt" "$work/tls.key" "$work/node.db" >"$work/node.log" 2>&1 &
  running=$!; pids+=($!)
  until_true grep -q ready "$work/node.log"
}

# hold NAME COUNT KIND: everyone connects; memory and CPU each.
hold() {
  local before=$(cpu "$running") empty=$(memory "$running" VmRSS)
  ask gather
  [ "$(said present)" = "$2" ] || exit 1
  sleep 2
  [ "$1" = platen ] || { kill -USR2 "$running"; sleep 1; }
  accept[$1]=$(calc %.3f "($(cpu "$running") - $before) * 1000 / $2")
  each[$1]=$(calc %.1f "($(memory "$running" VmRSS) - $empty) / $2")
  gathered[$1]=$(said seconds)
}
submit() {
  local before=$(cpu "$running")
  ask "submit $rate $seconds"
  p50[$1]=$(said p50) p99[$1]=$(said p99) late[$1]=$(said late)
  durable[$1]=$(calc %.3f "($(cpu "$running") - $before) * 1000 / ($rate * $seconds)")
}
echoes() {
  local total=$(($2 * 20)) before
  agents --port 8443 --kind echo --count "$2"
  ask gather
  ask "echo $((total / 10))"
  before=$(cpu "$running")
  ask "echo $total"
  small[$1]=$(calc %.1f "($(cpu "$running") - $before) * 1000000 / $total")
  disperse
}
row() { printf '%-46s %10s %10s %8s   %s\n' "$1" "$2" "$3" "$(calc %.2f "$2 / $3")" "$4"; }

declare -A each accept gathered p50 p99 late durable small
for count in "${counts[@]}"; do
  rm -rf "$work/data"
  start_platen
  cp "$work/data/tls.crt" "$work/data/tls.key" "$work"
  "$sim" enrol --data "$work/data" --count "$count" --keys "$work/keys"
  agents --port 8443 --kind platen --keys "$work/keys" --count "$count"
  hold platen "$count"
  submit platen
  top=$(calc %.0f "$(memory "$running" VmHWM) / 1024")
  killed=$(date +%s.%N)
  kill -9 "$running"; wait "$running" 2>/dev/null || true
  start_platen
  ask "whole 300"
  back=$(calc %.1f "$(date +%s.%N) - $killed") returned=$(said present)
  ask "submit $rate 2"
  after=$(said late)
  disperse; stop "$running"

  start_node
  agents --port 8443 --kind json --count "$count"
  hold node "$count"
  submit node
  disperse; stop "$running"

  start_echo; echoes platen "$count"; stop "$running"
  start_node; echoes node "$count"; stop "$running"

  printf '%s connections over TLS, P-256, X25519%*s platen  node ws    ratio\n' "$count" 16 ''
  row "resident memory of an idle connection, KiB" "${each[platen]}" "${each[node]}" "goal 0.80"
  row "CPU of TLS accept and HELLO, ms" "${accept[platen]}" "${accept[node]}" "goal 0.60"
  row "CPU of a small message there and back, µs" "${small[platen]}" "${small[node]}" "goal 0.80"
  row "acknowledgement at $rate submissions/s, p99 ms" "${p99[platen]}" "${p99[node]}" "goal 1.00"
  row "  half of them, ms" "${p50[platen]}" "${p50[node]}" ""
  row "  CPU of one, ms" "${durable[platen]}" "${durable[node]}" ""
  echo "  not acknowledged in time: platen ${late[platen]}, node ${late[node]}; all there after ${gathered[platen]} s and ${gathered[node]} s"
  echo "  the server held $count agents with at most $top MiB; after its kill -9 $returned were back in $back s (goal 120), $after of their submissions late"
done
