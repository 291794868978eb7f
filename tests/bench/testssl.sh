#!/usr/bin/env bash
# What Debian's testssl.sh finds at the server's TLS: fails for anything of LOW or worse that docs/edge.md does not explain
# targets: platen-server
#
# No benchmark, but too slow for every test run: several minutes.
set -euo pipefail
server=$PLATEN_BUILD/app-server/platen-server
command -v testssl >/dev/null || { echo "platen: Debian's testssl.sh is missing: ./platen setup brings it." >&2; exit 1; }
if [ -z "${PLATEN_BENCH_INSIDE:-}" ]; then
  unshare -n true 2>/dev/null || exec unshare -Urn env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
  exec unshare -n env PLATEN_BENCH_INSIDE=1 bash "$0" "$@"
fi
work=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT
ip link set lo up

# A certificate as an authority gives it: P-256, 90 days, with an address to ask for revocation.
cd "$work"
authority=(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90)
"${authority[@]}" -subj '/CN=Test authority' -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign -keyout ca.key -out ca.crt 2>/dev/null
"${authority[@]}" -subj /CN=localhost -CA ca.crt -CAkey ca.key -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
  -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth -addext authorityInfoAccess=OCSP\;URI:http://127.0.0.1/ -keyout tls.key -out tls.crt 2>/dev/null
"$server" run --data data --listen 127.0.0.1:8443 --tls-certificate tls.crt --tls-key tls.key --ready-file ready >server.log 2>&1 &
pids+=($!)
for _ in $(seq 100); do [ -e ready ] && break; sleep 0.1; done
[ -e ready ] || { cat server.log >&2; exit 1; }

testssl --quiet --color 0 --warnings batch --add-ca ca.crt --jsonfile out.json --severity LOW localhost:8443 >said 2>&1 || true
python3 - out.json <<'END'
import json, sys
explained = {  # docs/edge.md says why
    "DNS_CAArecord": "no name in the public DNS here",
}
found = [f for f in json.load(open(sys.argv[1])) if f["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL")]
for f in found:
    print(f"{f['severity']:9} {f['id']:24} {f['finding']}" + (f"   (explained: {explained[f['id']]})" if f["id"] in explained else ""))
left = [f for f in found if f["id"] not in explained]
print(f"testssl.sh: {len(found)} findings of LOW or worse, {len(left)} of them unexplained")
sys.exit(bool(left))
END
