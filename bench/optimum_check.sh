#!/usr/bin/env bash
# Holds graphs exported by optimum against transformers: exports small Qwen3, Llama and BERT classifiers with optimum-cli, wraps
# them with tools/convert_reward_model.py --graph, and has the scorer score 96 conversations as transformers did.
# Usage: OPTIMUM=VENV bench/optimum_check.sh   (a virtual environment with optimum-onnx 0.1, transformers 4.57, torch 2.7)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
venv=${OPTIMUM:?usage: OPTIMUM=VENV bench/optimum_check.sh}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$venv/bin/python" "$home/bench/optimum_models.py" "$work"
for model in qwen3 llama bert; do
  "$venv/bin/optimum-cli" export onnx --model "$work/$model/hf" --task text-classification "$work/$model/graph" >"$work/log" 2>&1 ||
    { cat "$work/log"; exit 1; }
  "$venv/bin/python" "$home/tools/convert_reward_model.py" "$work/$model/hf" "$work/$model/wrapped" --format onnx \
    --graph "$work/$model/graph/model.onnx" 2>"$work/log" || { cat "$work/log"; exit 1; }
done

jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/models -am package)
for model in qwen3 llama bert; do
  "$jdk/bin/java" --enable-native-access=ALL-UNNAMED -cp "$home/bench/models/target/fast/classes:$home/bench/models/target/fast/lib/*" \
    io.prefstream.bench.models.Agreement "$work/$model/wrapped" "$work/$model/expected.jsonl"
done
