#!/usr/bin/env bash
# Watches resident memory: a million texts through the template and the tokenizer, then 50,000 through a small model on each
# engine. Prints a table each, and ends with 1 when memory grew by more than 5 % between the second and the last fifth.
# Usage: PREFSTREAM_DATA=DIR bench/reward_soak.sh WORK [TEXTS [SCORED]]   (1000000 50000: an hour; PYTORCH_LIBRARY_PATH for TorchScript)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${1:?usage: bench/reward_soak.sh WORK [TEXTS [SCORED]]}
texts=${2:-1000000}
scored=${3:-50000}
: "${PYTORCH_LIBRARY_PATH:?the folder of libtorch 2.7.1, such as lib of site-packages/torch}"
mkdir -p "$work"
"$home/bench/reward_pairs.sh" "$work"

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/models -am package >&2)
models=$home/services/models/src/test/resources/reward
grew=0
soak() {
  nice "$jdk/bin/java" -Xmx512m -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
    -cp "$home/bench/models/target/fast/classes:$home/bench/models/target/fast/lib/*" io.prefstream.bench.models.Soak "$@" || grew=1
}
soak tokenizer "$models/qwen3/onnx" "$texts" "$work/pairs.jsonl"
soak model "$models/qwen3/onnx" "$scored" "$work/pairs.jsonl"
soak model "$models/qwen3/torchscript" "$scored" "$work/pairs.jsonl"
exit "$grew"
