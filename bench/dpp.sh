#!/usr/bin/env bash
# Measures the choice of diverse pairs: lazy against plain greedy (which must choose the same rows), k-means, topics and windows.
# Usage: bench/dpp.sh [ROWS [PICKS [CORPUS]]]   (100000 1000; minutes; CORPUS is WORK/corpus.bin of bench/retrieval.sh)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package >&2)
"$jdk/bin/java" -Xmx3g -XX:+UseParallelGC ${PREFSTREAM_JAVA_OPTS:-} \
  -cp "$home/bench/evidence/target/fast/classes:$home/services/runner/target/fast/classes:$home/services/runner/target/fast/lib/*" \
  io.prefstream.bench.diversity.DiversityBench "${1:-100000}" "${2:-1000}" ${3:+"$3"}
