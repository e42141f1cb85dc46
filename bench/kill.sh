#!/usr/bin/env bash
# Kills a curate with kill -9 at seeded moments, starts it again on the same folder, and compares manifest and verdicts byte for
# byte with an undisturbed run. Prints how long each took and how much time the kill cost. Usage: bench/kill.sh [KILLS] [SEED]
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
prefstream=${PREFSTREAM:-$home/prefstream}
kills=${1:-4}
RANDOM=${2:-7}
work=$(mktemp -d)
sample=$home/services/runner/src/main/resources/sample
export PREFSTREAM_JAVA_OPTS=${PREFSTREAM_JAVA_OPTS:--Xmx1200m}

"$prefstream" --version >/dev/null # builds if need be, outside the time that is taken
curate() { # OUT LOG
  exec "$prefstream" curate "$sample/pairs.jsonl" --gold "$sample/labels.jsonl" --rounds 2 --out "$1" --progress json >"$2" 2>&1
}
now() { date +%s%N; }
seconds() { printf '%d.%d' $(($1 / 1000000000)) $(($1 / 100000000 % 10)); }
moved() { [ "$(grep -vE '"step":"(starting|reading)' "$1" | grep -oE '"read":.*"decided":[0-9]+' | sort -u | head -n 2 | wc -l)" = 2 ]; }

began=$(now)
(curate "$work/whole" "$work/whole.log")
whole=$(($(now) - began))
echo "undisturbed: $(seconds $whole) s"
for ((i = 1; i <= kills; i++)); do
  share=$((RANDOM % 80 + 10))
  began=$(now)
  (curate "$work/out-$i" "$work/first-$i.log") &
  pid=$!
  sleep "$(seconds $((whole * share / 100)))"
  kill -9 $pid 2>/dev/null || true
  wait $pid 2>/dev/null || true
  ran=$(($(now) - began))
  began=$(now)
  (curate "$work/out-$i" "$work/second-$i.log") &
  pid=$!
  first=0
  touch "$work/second-$i.log"
  while kill -0 $pid 2>/dev/null; do
    if [ $first = 0 ] && moved "$work/second-$i.log"; then first=$(($(now) - began)); fi
    sleep 0.1
  done
  wait $pid
  again=$(($(now) - began))
  for file in manifest.json verdicts.jsonl; do cmp "$work/whole/$file" "$work/out-$i/$file"; done
  step=$(grep -o '"step":"[^"]*"' "$work/first-$i.log" | tail -n 1 | cut -d'"' -f4 || true)
  echo "killed after $(seconds $ran) s (${step:-starting}): resumed, first record through after $(seconds $first) s," \
    "done after $(seconds $again) s; same bytes; the kill cost $(seconds $((ran + again - whole))) s"
done
rm -rf "$work"
