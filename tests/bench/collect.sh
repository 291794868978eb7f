#!/usr/bin/env bash
# 2,000 printers 20 ms away: 13 objects of each, all of each first and again, beside net-snmp for node and Debian's snmp_exporter [PRINTERS]
# targets: platen-fleetsim platen-collectonce
#
# Where npm cannot reach its registry, PLATEN_BENCH_MODULES may name a folder whose node_modules has net-snmp.
set -euo pipefail
count=${1:-2000}
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  command -v prometheus-snmp-exporter >/dev/null && command -v node >/dev/null && command -v npm >/dev/null && command -v curl >/dev/null ||
    { apt-get update -q && apt-get install -qy --no-install-recommends prometheus-snmp-exporter nodejs npm curl; } >/dev/null 2>&1 ||
    { echo "platen: the peers of this benchmark, Debian's prometheus-snmp-exporter and nodejs, could not be installed." >&2; exit 1; }
  if [ -z "${PLATEN_BENCH_MODULES:-}" ]; then
    export PLATEN_BENCH_MODULES=${XDG_CACHE_HOME:-$HOME/.cache}/platen/bench-modules
    [ -d "$PLATEN_BENCH_MODULES/node_modules/net-snmp" ] ||
      npm install --silent --no-fund --no-audit --prefix "$PLATEN_BENCH_MODULES" net-snmp >/dev/null 2>&1 ||
      echo "npm could not bring net-snmp; snmp_exporter is the only peer of this run."
  fi
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi

. tests/bench/parts/printers.sh
serve tests/fixtures/walks --count "$count" --delay 20
exporter

# seconds NAME COMMAND…: its wall time, kept under its name.
seconds() {
  local TIMEFORMAT=%R
  { time "${@:2}" >"$work/said" 2>&1; } 2>"$work/$1" || { tail -n 3 "$work/said" >&2; exit 1; }
  printf '%-28s %6.2f s   %s\n' "$1" "$(cat "$work/$1")" "$(tail -n 1 "$work/said")"
}

# The 13 objects of the exporter's module; the peers get them in as few packets as they can.
cat >"$work/net-snmp.js" <<'END'
const snmp = require('net-snmp'), [map] = process.argv.slice(2);
const oids = ['1.3.6.1.2.1.1.1.0', '1.3.6.1.2.1.25.3.2.1.3.1', '1.3.6.1.2.1.25.3.5.1.1.1', '1.3.6.1.2.1.25.3.5.1.2.1', '1.3.6.1.2.1.43.5.1.1.17.1',
  '1.3.6.1.2.1.43.10.2.1.4.1.1', '1.3.6.1.2.1.43.11.1.1.6.1.1', '1.3.6.1.2.1.43.11.1.1.7.1.1', '1.3.6.1.2.1.43.11.1.1.8.1.1', '1.3.6.1.2.1.43.11.1.1.9.1.1',
  '1.3.6.1.2.1.43.12.1.1.4.1.1', '1.3.6.1.2.1.43.18.1.1.8.1.1', '1.3.6.1.2.1.43.16.5.1.2.1.1'];
let left = require('fs').readFileSync(map, 'utf8').trim().split('\n').map(line => line.split('\t')[0]), read = 0;
function one() {
  const address = left.pop();
  if (!address) return;
  const session = snmp.createSession(address, 'public', {version: snmp.Version2c, retries: 2, timeout: 2000});
  session.get(oids, error => { if (!error) read++; session.close(); one(); });
}
for (let i = 0; i < 256; i++) one();
process.on('exit', () => console.log(read + ' read'));
END
cat >"$work/exporter.js" <<'END'
const http = require('http'), [map] = process.argv.slice(2), agent = new http.Agent({keepAlive: true, maxSockets: 256});
let left = require('fs').readFileSync(map, 'utf8').trim().split('\n').map(line => line.split('\t')[0]), read = 0;
function one() {
  const address = left.pop();
  if (!address) return;
  http.get({port: 9116, path: '/snmp?module=printer&target=' + address, agent}, answer => {
    if (answer.statusCode === 200) read++;
    answer.resume().on('end', one);
  });
}
for (let i = 0; i < 256; i++) one();
process.on('exit', () => console.log(read + ' read'));
END

echo "$count printers, 20 ms away, 256 at a time. The peers read 13 objects of each; so do we in the row thirteen, with the engine that"
echo "readings go through. First and repeat are whole readings: all meters, supplies, alerts and the panel, understood and remembered."
"$PLATEN_BUILD/tests/bench/platen-collectonce" "$work/map" 161 | tee "$work/out" | sed 's/^/platen, /'
[ ! -d "$PLATEN_BENCH_MODULES/node_modules/net-snmp" ] || NODE_PATH=$PLATEN_BENCH_MODULES/node_modules seconds net-snmp node "$work/net-snmp.js" "$work/map"
seconds snmp_exporter node "$work/exporter.js" "$work/map"
for kind in thirteen first repeat; do
  ours=$(sed -n "s/^$kind .*read, \([0-9.]*\) s,.*/\1/p" "$work/out")
  for peer in net-snmp snmp_exporter; do
    [ ! -e "$work/$peer" ] || awk -v k="$kind" -v o="$ours" -v p="$(cat "$work/$peer")" -v n="$peer" 'BEGIN { printf "platen %-8s / %-13s (13 objects): %.2f\n", k, n, o / p }'
  done
done
echo "goals: 0.3 of net-snmp, or 0.12 of snmp_exporter"
