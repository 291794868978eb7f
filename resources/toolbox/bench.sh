# Sourced by ./platen: bench [NAME [ARG…]]. A benchmark is tests/bench/NAME.sh; the comment lines at its head are its declaration:
#
#   # Addresses swept per second, beside nmap     what is measured, beside which peer: one line
#   # targets: platen-agent platen-fleetsim       what has to be built for it; a script without this line is no benchmark
#   # preset: release                             this is the default
#
# It runs where the environment is, in the checkout's folder, with PLATEN_BUILD set to the folder of that build.

benches=$top/tests/bench

# declared NAME WORD: what the head of a benchmark says under this word.
declared() { sed -n "/^#/!q; s/^# $2: *//p" "$benches/$1.sh"; }

names() { grep -l '^# targets:' "$benches"/*.sh | sed 's|.*/||; s|\.sh$||'; }

list_benches() {
  local name
  echo "Benchmarks (./platen bench NAME, or all):"
  for name in $(names); do
    printf '  %-12s %s\n' "$name" "$(sed -n '2s/^# //p' "$benches/$name.sh")"
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
    all) for name in $(names); do run_bench "$name"; done ;;
    *)
      [ -n "$(names | grep -x -- "$name")" ] || fail "there is no benchmark '$name'; ./platen bench lists them."
      run_bench "$@"
      ;;
  esac
}
