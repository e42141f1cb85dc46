#!/usr/bin/env bash
# Runs the shipped sample through stages in a process each, around a broker and a registry in another, kills one stage in the
# middle, and compares the verdicts with those of one process. Usage: bench/apart.sh [STAGE_TO_KILL]
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
victim=${1:-retrieval}
work=$(mktemp -d)
sample=$home/services/runner/src/main/resources/sample
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
export PREFSTREAM_JAVA_OPTS="-Xmx700m -XX:TieredStopAtLevel=1" PREFSTREAM_SESSION_TIMEOUT=10

"$home/prefstream" curate "$sample/pairs.jsonl" --gold "$sample/labels.jsonl" --rounds 2 --out "$work/one" --progress none
"$home/prefstream" serve --no-stages --data-dir "$work/data" --kafka-port 19092 --registry-port 18081 >"$work/serve.log" 2>&1 &
until grep -q 'Kafka on' "$work/serve.log"; do sleep 1; done
start() {
  "$home/prefstream" stage "$1" --bootstrap 127.0.0.1:19092 --registry http://127.0.0.1:18081 \
    --state-dir "$work/state-$1" --rounds 2 --http-port 0 >"$work/$1.log" 2>&1 &
  echo $! >"$work/$1.pid"
}
for stage in ingest attribute-tagger retrieval label-verifier reward-scorer trainer consistency-filter; do start "$stage"; done
"$home/prefstream" curate "$sample/pairs.jsonl" --gold "$sample/labels.jsonl" --rounds 2 --out "$work/apart" --progress json \
  --bootstrap 127.0.0.1:19092 --registry http://127.0.0.1:18081 >"$work/curate.log" 2>&1 &
curate=$!
until grep -qE '"embedded":[1-9]' "$work/curate.log" || ! kill -0 $curate 2>/dev/null; do sleep 0.2; done
kill -9 "$(cat "$work/$victim.pid")"
echo "killed $victim"
start "$victim"
wait $curate
cmp "$work/one/verdicts.jsonl" "$work/apart/verdicts.jsonl"
cmp "$work/one/manifest.json" "$work/apart/manifest.json"
echo "same verdicts and same export, one process or eight, $victim killed in the middle"
