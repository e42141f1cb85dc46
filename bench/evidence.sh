#!/usr/bin/env bash
# Measures what curation is worth: makes noisy pools with a known answer out of public sets, runs the product on each, and
# writes bench/evidence/results.jsonl, tables.md and curves.svg. Runs that are in the results already are left out.
# Usage: PREFSTREAM_DATA=DIR bench/evidence.sh [SEED...]   (0 1 2; about an hour on two cores)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
seeds=${*:-0 1 2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A tournament (769 texts, half of the debates held back), and ordinary pools (a third of the prompts held back). Labels of
# hh_harmless, evouna_nq and gsm8k are taken as right, so that they have no natural noise.
pool() { # SET NOISES UNSEEN OPTION...
  local set=$1 noises=$2 unseen=$3 seed noise gold
  shift 3
  for seed in $seeds; do for noise in $noises; do for gold in 0.06 0.02; do
    "$home/bench/convert.py" "$set" "$work/$seed-$set-$noise-$gold" \
      --labels "$noise" --gold "$gold" --unseen "$unseen" --seed "$seed" "$@" >&2
  done; done; done
}
pool ukp_convarg "natural swapped longer" 0.5
pool pandalm "natural swapped longer" 0.3333
pool hh_harmless "swapped longer" 0.3333
pool evouna_nq "swapped longer" 0.3333 --one-per-prompt
pool gsm8k_model_solutions "swapped longer" 0.3333 --one-per-prompt

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
services=$home/services
# shellcheck disable=SC2086 # the options are words
"$jdk/bin/java" -XX:MaxRAMPercentage=40 -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED \
  --sun-misc-unsafe-memory-access=allow ${PREFSTREAM_JAVA_OPTS:-} \
  -cp "$home/bench/evidence/target/fast/classes:$services/kit-test/target/fast/classes:$services/runner/target/fast/classes:$services/runner/target/fast/lib/*" \
  io.prefstream.bench.evidence.Evidence "$work" "$home/bench/evidence/results.jsonl"
