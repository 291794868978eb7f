#!/usr/bin/env bash
# Every reader of foreign bytes under libFuzzer and the sanitizers: [--runs N] [--list] [--without TARGET] [TARGET…]
# targets: platen-fuzz
# preset: fuzz
set -euo pipefail
fuzz=$PLATEN_BUILD/tests/fuzz/run/platen-fuzz
runs=100000 targets=() without=
while [ $# -gt 0 ]; do
  case "$1" in
    --runs) runs=${2:?--runs takes a number}; shift 2 ;;
    --without) without=${2:?--without takes a target}; shift 2 ;;
    --list) echo "target     1 in what it reads"; exec "$fuzz" --targets ;;
    -*) echo "platen: fuzz knows --runs N, --without TARGET and --list, not '$1'." >&2; exit 1 ;;
    *) targets+=("$1"); shift ;;
  esac
done
[[ $runs =~ ^[0-9]+$ ]] || { echo "platen: --runs takes a number, not '$runs'." >&2; exit 1; }
# The slow ones first, so that no core waits for the last.
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <("$fuzz" --targets | sort -k2,2nr -s | awk -v no="$without" '$1 != no {print $1}')

# Small quarantine and short stacks: half the time of the defaults, and a failing input is run again anyway.
# What OpenSSL allocates once and keeps is no leak of ours.
mkdir -p "$PLATEN_BUILD/corpus" && echo 'leak:libcrypto' >"$PLATEN_BUILD/corpus/lsan.txt"
export LSAN_OPTIONS=suppressions=$PLATEN_BUILD/corpus/lsan.txt:print_suppressions=0
export ASAN_OPTIONS=malloc_context_size=2:quarantine_size_mb=8:detect_stack_use_after_return=0 UBSAN_OPTIONS=print_stacktrace=1

# fuzz_one TARGET: its line of the table; its log and what made it fail in corpus/ of the build.
fuzz_one() {
  local folder=$PLATEN_BUILD/corpus/$1 log=$PLATEN_BUILD/corpus/$1.log start=$SECONDS
  mkdir -p "$folder"
  "$fuzz" --seeds "$1" "$folder" || return
  local mine=$((runs / $("$fuzz" --targets | awk -v t="$1" '$1 == t {print $2}')))
  if "$fuzz" "$1" -runs="$mine" -timeout=20 -rss_limit_mb=2048 -print_funcs=0 -print_final_stats=1 -artifact_prefix="$PLATEN_BUILD/corpus/$1-" "$folder" >"$log" 2>&1; then
    awk -v t="$1" -v s=$((SECONDS - start)) '/number_of_executed_units/ {n = $2} /peak_rss_mb/ {m = $2} / cov: / {for (i = 1; i < NF; i++) if ($i == "cov:") c = $(i + 1)}
      END {printf "%-12s %9d runs  %4d s  %7d a second  %6s edges  %5d MB  no failure\n", t, n, s, n / (s ? s : 1), c, m}' "$log"
  else
    printf '%-12s FAILED after %d s: %s\n' "$1" $((SECONDS - start)) "$log"
    grep -m 3 -E 'ERROR|runtime error|SUMMARY|Test unit written|\.cpp' "$log" >&2 || tail -n 3 "$log" >&2
    return 1
  fi
}
export -f fuzz_one
export fuzz runs PLATEN_BUILD
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'fuzz_one {}'
