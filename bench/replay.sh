#!/usr/bin/env bash
# Replays a run of the shipped sample unchanged at 1, 4 and 16 partitions and 1 to 4 threads, several times each: every export must be
# the original's, byte for byte. Usage: bench/replay.sh [TIMES]   (3; a quarter of an hour)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
sample=$home/services/runner/src/main/resources/sample
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$home/prefstream" curate "$sample/pairs.jsonl" --gold "$sample/labels.jsonl" --rounds 3 --out "$work/run" --progress none >/dev/null
original=$(sha256sum <"$work/run/manifest.json")
different=0 made=0
for time in $(seq "${1:-3}"); do for partitions in 1 4 16; do for threads in 1 2 3 4; do
  out=$work/$time-$partitions-$threads
  "$home/prefstream" ablate "$home/bench/plans/unchanged.yaml" --data-dir "$work/run/.prefstream" --out "$out" \
    --partitions $partitions --threads $threads --progress none >"$work/log"
  made=$((made + 1))
  if [ "$(sha256sum <"$out/base/manifest.json")" = "$original" ]; then same=same; else same=DIFFERENT; different=$((different + 1)); fi
  echo "$partitions partitions, $threads threads, time $time: $same ($(grep -o '[0-9.]* s, from' "$work/log"))"
done; done; done
echo "$((made - different)) the same, $different different; manifest ${original%% *}"
[ $different = 0 ]
