# Sourced by ./platen: bench [NAME [ARG…]]. A benchmark is tests/bench/NAME.sh; the comment lines at its head are its declaration:
#
#   # Addresses swept per second, beside nmap     what is measured, beside which peer: one line
#   # targets: platen-agent platen-fleetsim       what has to be built for it; without this line everything is
#   # preset: release                             this is the default
#
# It runs where the environment is, in the checkout's folder, with PLATEN_BUILD set to the folder of that build.

benches=$top/tests/bench

# declared NAME WORD: what the head of a benchmark says under this word.
declared() { sed -n "/^#/!q; s/^# $2: *//p" "$benches/$1.sh"; }

list_benches() {
  local file
  echo "Benchmarks (./platen bench NAME, or all):"
  for file in "$benches"/*.sh; do
    printf '  %-12s %s\n' "$(basename "$file" .sh)" "$(sed -n '2s/^# //p' "$file")"
  done
}

run_bench() {
  local name=$1 preset targets
  shift
  preset=$(declared "$name" preset)
  preset=${PLATEN_PRESET:-${preset:-release}}
  read -ra targets <<<"$(declared "$name" targets)"
  build "$preset" "${targets[@]}"
  say "Running the benchmark $name …"
  (cd "$top" && inside env PLATEN_BUILD="$top/build/$preset" bash "$benches/$name.sh" "$@") || fail "the benchmark $name failed."
}

bench() {
  local name=${1:-}
  case "$name" in
    "") list_benches ;;
    all) for name in "$benches"/*.sh; do run_bench "$(basename "$name" .sh)"; done ;;
    *)
      [ -e "$benches/$name.sh" ] || fail "there is no benchmark '$name'; ./platen bench lists them."
      run_bench "$@"
      ;;
  esac
}
