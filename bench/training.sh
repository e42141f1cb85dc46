#!/usr/bin/env bash
# Measures penalties chosen on gold against the constants, and feature sets against all features, on held-back prompts of six public
# sets; writes bench/training/choices.md.
# Usage: PREFSTREAM_DATA=DIR bench/training.sh WORK [SEEDS]   (10; ten minutes on two cores; WORK keeps the encoded texts)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${1:?usage: bench/training.sh WORK [SEEDS]}
seeds=${2:-10}
for set in evouna_nq gsm8k_model_solutions hh_harmless pandalm oasst1_en_val ukp_convarg; do
  kind=$([ "$set" = ukp_convarg ] && echo tournament || echo ordinary)
  mkdir -p "$work/$kind"
  [ -e "$work/$kind/$set/pairs.jsonl" ] || "$home/bench/convert.py" "$set" "$work/$kind/$set" --labels clean >&2
done

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
measure() { # PROGRAM ARGUMENT...
  local program=$1
  shift
  nice "$jdk/bin/java" -Xmx4g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow ${PREFSTREAM_JAVA_OPTS:-} \
    -cp "$home/bench/evidence/target/fast/classes:$home/services/runner/target/fast/classes:$home/services/runner/target/fast/lib/*" \
    "io.prefstream.bench.$program" "$@"
}
measure retrieval.Encode "$work/ordinary" "$work/ordinary.bin" 1500 >&2
measure retrieval.Encode "$work/tournament" "$work/tournament.bin" 4000 >&2
mkdir -p "$home/bench/training"
measure training.HeadChoices "$seeds" "$work/ordinary.bin" "$work/tournament.bin" >"$home/bench/training/choices.md"
