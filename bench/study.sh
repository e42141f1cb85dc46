#!/usr/bin/env bash
# The evidence run: curates noisy pools with a known answer, compares reward models trained on what came out with controls, and
# writes topology-docs/evidence. Runs that are in bench/evidence/study.jsonl already are left out, so it can be stopped.
# Usage: PREFSTREAM_DATA=DIR [STUDY_DUMPS=DIR] bench/study.sh [SEED...]   (0 1 2 3 4; an hour on two cores)
# STUDY_DUMPS keeps the features and verdicts of every run for bench/filters.py.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
seeds=${*:-0 1 2 3 4}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pool() { # SET NOISES GOLD UNSEEN OPTION...
  local set=$1 noises=$2 gold=$3 unseen=$4 seed noise
  shift 4
  for seed in $seeds; do for noise in $noises; do
    "$home/bench/convert.py" "$set" "$work/$seed-$set-$noise" \
      --labels "$noise" --gold "$gold" --unseen "$unseen" --seed "$seed" "$@" >&2
  done; done
}
pool ukp_convarg "natural swapped longer family" 0.06 0.5
pool hh_harmless "swapped longer family" 0.12 0.3333
pool evouna_nq "swapped longer family" 0.12 0.3333 --one-per-prompt
pool pandalm "natural swapped longer family" 0.12 0.3333

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
services=$home/services
# shellcheck disable=SC2086 # the options are words
"$jdk/bin/java" -XX:MaxRAMPercentage=40 -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow ${PREFSTREAM_JAVA_OPTS:-} \
  -cp "$home/bench/evidence/target/fast/classes:$services/kit-test/target/fast/classes:$services/runner/target/fast/classes:$services/runner/target/fast/lib/*" \
  io.prefstream.bench.evidence.EvidenceStudy "$work" "$home/bench/evidence/study.jsonl" "$home/topology-docs/evidence" \
  "PREFSTREAM_DATA=DIR bench/study.sh $seeds" ${STUDY_DUMPS:+"$STUDY_DUMPS"}
