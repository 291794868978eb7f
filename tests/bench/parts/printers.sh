# Sourced by benchmarks that run in a network namespace of their own: simulated printers behind a link. Whoever asks an address
# without a printer is heard and not answered. Gives: $work (a folder that goes at the end), $started (what is ended then), join, serve,
# exporter.
work=$(mktemp -d)
unshare -n sleep infinity & printers=$!
started=("$printers") fleet=''
trap 'kill "${started[@]}" $fleet 2>/dev/null || true; rm -rf "$work"' EXIT
sleep 0.2
ip link set lo up

# side NAME OWN OTHER A B COMMAND…: one end of a link, without name services and address resolution.
side() {
  local name=$1 own=$2 other=$3 a=$4 b=$5
  shift 5
  "$@" ip link set lo up
  "$@" ip link set "$name" address "02:00:00:00:00:0$a" addrgenmode none
  "$@" ip addr add "$own/24" dev "$name"
  "$@" ip link set "$name" up
  "$@" ip neigh add "$other" lladdr "02:00:00:00:00:0$b" dev "$name" nud permanent
}
# join NAME PROCESS NET: a link from here, NET.1, to the namespace of that process, NET.2.
join() {
  ip link add "$1" type veth peer name "far$1" netns "$2"
  side "$1" "$3.1" "$3.2" 1 2 env
  side "far$1" "$3.2" "$3.1" 2 1 nsenter -t "$2" -n
}
join site "$printers" 192.168.77
ip route add 10.20.0.0/16 via 192.168.77.2
nsenter -t "$printers" -n ip route add local 10.20.0.0/16 dev lo

# serve FOLDER [OPTION…]: its recordings as printers from 10.20.0.1 on, port 161, instead of those served before; $work/map says which.
serve() {
  stop_serving
  nsenter -t "$printers" -n "$PLATEN_BUILD/tests/fleetsim/platen-fleetsim" serve "$1" --net 10.20.0.0/16 --any-net --port 161 --map "$work/map" "${@:2}" >/dev/null &
  fleet=$!
  for _ in $(seq 100); do [ -e "$work/map" ] && return; sleep 0.1; done
  echo "platen: the simulated printers did not come up." >&2
  exit 1
}
stop_serving() {
  [ -z "$fleet" ] || { kill "$fleet"; wait "$fleet" 2>/dev/null || true; }
  rm -f "$work/map"
  fleet=''
}

# bytes LINK: of the frames on it so far, both ways.
bytes() { awk -F'[: ]+' -v l="$1" '{ sub(/^ */, "") } $1 == l { print $2 + $10 }' /proc/net/dev; }

# exporter: Debian's snmp_exporter on 127.0.0.1:9116 with 13 objects of a printer, module "printer".
exporter() {
  {
    echo "auths: {public_v2: {community: public, version: 2}}"
    echo "modules:"
    echo "  printer:"
    echo "    walk: [1.3.6.1.2.1.43.11.1.1.6, 1.3.6.1.2.1.43.11.1.1.7, 1.3.6.1.2.1.43.11.1.1.8, 1.3.6.1.2.1.43.11.1.1.9, 1.3.6.1.2.1.43.12.1.1.4, 1.3.6.1.2.1.43.18.1.1.8, 1.3.6.1.2.1.43.16.5.1.2]"
    echo "    get: [1.3.6.1.2.1.1.1.0, 1.3.6.1.2.1.25.3.2.1.3.1, 1.3.6.1.2.1.25.3.5.1.1.1, 1.3.6.1.2.1.25.3.5.1.2.1, 1.3.6.1.2.1.43.5.1.1.17.1, 1.3.6.1.2.1.43.10.2.1.4.1.1]"
    echo "    metrics: [{name: prtMarkerLifeCount, oid: 1.3.6.1.2.1.43.10.2.1.4, type: counter, help: pages, indexes: [{labelname: d, type: gauge}, {labelname: m, type: gauge}]}]"
  } >"$work/snmp.yml"
  prometheus-snmp-exporter --config.file="$work/snmp.yml" --web.listen-address=127.0.0.1:9116 2>"$work/exporter.log" &
  started+=($!)
  for _ in $(seq 50); do curl -s 127.0.0.1:9116/ >/dev/null && return; sleep 0.1; done
  tail -n 3 "$work/exporter.log" >&2
  exit 1
}
