#!/usr/bin/env bash
# Measures retrieval: recall and speed of the search, and the human labels that each strategy needs on the union of five public
# sets with labels spoiled by topic. Writes bench/retrieval/search.jsonl, labels-needed.jsonl, .md and .svg; runs that are in
# the results already are left out.
# Usage: PREFSTREAM_DATA=DIR bench/retrieval.sh WORK [SEEDS]   (10; ten minutes on an idle core; WORK keeps the encoded texts)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${1:?usage: bench/retrieval.sh WORK [SEEDS]}
seeds=${2:-10}
mkdir -p "$work/pools"
for set in evouna_nq gsm8k_model_solutions hh_harmless pandalm oasst1_en_val; do
  [ -e "$work/pools/$set/pairs.jsonl" ] || "$home/bench/convert.py" "$set" "$work/pools/$set" --labels clean >&2
done

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
measure() { # PROGRAM ARGUMENT...
  local program=$1
  shift
  nice "$jdk/bin/java" -Xmx4g -XX:+UseSerialGC -XX:ActiveProcessorCount=1 --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow ${PREFSTREAM_JAVA_OPTS:-} \
    -cp "$home/bench/evidence/target/fast/classes:$home/services/runner/target/fast/classes:$home/services/runner/target/fast/lib/*" \
    "io.prefstream.bench.retrieval.$program" "$@"
}
measure Encode "$work/pools" "$work/corpus.bin" 1500
measure Recall "$work/corpus.bin" 10000 100000 1000000 | tee "$home/bench/retrieval/search.jsonl"
measure LabelsNeeded "$work/corpus.bin" "$home/bench/retrieval/labels-needed.jsonl" "$seeds"
