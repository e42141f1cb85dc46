#!/usr/bin/env bash
# Measures how fast reward models score, beside their engine with nothing around it and beside transformers: a Qwen3-shaped model
# with random weights, scoring real pairs. Prints tables; every line names the cores that other processes kept busy.
# Usage: PREFSTREAM_DATA=DIR PYTHON=PYTHON bench/reward_models.sh WORK [SHAPE [PAIRS [ROUNDS [DEVICES]]]]   (mid 40 5 cpu)
#   SHAPE: tiny, mid (17 M parameters), 0.6b, 8b.  DEVICES: cpu, gpu, or numbers of GPUs, for which weights are bf16 TorchScript.
#   PYTHON has torch 2.7.1, transformers, onnx, onnxruntime; its libtorch is DJL's too. WORK keeps the models.
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${1:?usage: bench/reward_models.sh WORK [SHAPE [PAIRS [ROUNDS [DEVICES]]]]}
shape=${2:-mid}
pairs=${3:-40}
rounds=${4:-5}
devices=${5:-cpu}
python=${PYTHON:-python3}
mkdir -p "$work"
"$home/bench/reward_pairs.sh" "$work"

formats=(onnx int8 torchscript)
dtype=(--dtype float32 --device cpu)
model=$work/$shape
if [ "$devices" != cpu ]; then
  formats=(torchscript)
  dtype=(--dtype bfloat16 --device cuda)
  model=$work/$shape-cuda
fi
[ -e "$model/torchscript/reward-model.json" ] || { # the last that is made
  rm -rf "$model"
  "$python" "$home/bench/reward_models.py" make "$shape" "$model" "$work/pairs.jsonl" --formats "${formats[@]}" "${dtype[@]}" >&2
}

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/models -am package >&2)
PYTORCH_LIBRARY_PATH=${PYTORCH_LIBRARY_PATH:-$("$python" -c 'import os, torch; print(os.path.join(os.path.dirname(torch.__file__), "lib"))')}
export PYTORCH_LIBRARY_PATH
# shellcheck disable=SC2086 # the options are words
"$jdk/bin/java" -Xmx4g --enable-native-access=ALL-UNNAMED ${PREFSTREAM_JAVA_OPTS:-} \
  -cp "$home/bench/models/target/fast/classes:$home/bench/models/target/fast/lib/*" \
  io.prefstream.bench.models.ScoringBench "$work/pairs.jsonl" "$pairs" "$rounds" "$devices" "${formats[@]/#/$model/}"
echo
"$python" "$home/bench/reward_models.py" score "$model/hf" "$work/pairs.jsonl" --pairs "$pairs" "${dtype[@]}"
