#!/usr/bin/env bash
# Seconds that `prefstream export` takes for many published pairs, for every trainer: the whole command, start of broker and JVM
# included. Usage: bench/export.sh [PAIRS]   (50000)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package >&2)
"$jdk/bin/java" -cp "$home/bench/evidence/target/fast/classes:$home/services/runner/target/fast/classes:$home/services/runner/target/fast/lib/*" \
  io.prefstream.bench.export.PublishedFolder "$work/data" "${1:-50000}" >&2
for target in trl openrlhf llamafactory axolotl nemo-rl verl rewardbench rlhflow canonical; do
  started=$(date +%s.%N)
  "$home/prefstream" export --data-dir "$work/data" --for $target --out "$work/$target" --license none >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
  echo "$target: $(echo "$(date +%s.%N) - $started" | bc) s, $(grep -h rows "$work/log" | tr '\n' ' ')$(du -sh "$work/$target" | cut -f1)"
done
