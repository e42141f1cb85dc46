#!/usr/bin/env bash
# Measures cleaning: the time to add 1 % to an index of near-duplicates, precision and recall on planted edits, benchmark
# prompts found in sets that hold them, and how often personal data is found. Prints JSON lines.
# Usage: [PREFSTREAM_DATA=DIR] bench/cleaning.sh [SIZE...]   (10000 100000; 1000000 takes half an hour)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
sizes=${*:-10000 100000}
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package >&2)
services=$home/services
# shellcheck disable=SC2086 # the sizes are words
"$jdk/bin/java" -Xmx2g -XX:+UseParallelGC --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  ${PREFSTREAM_DATA:+-Dprefstream.data=$PREFSTREAM_DATA} ${PREFSTREAM_JAVA_OPTS:-} \
  -cp "$home/bench/evidence/target/fast/classes:$services/kit-test/target/fast/classes:$services/runner/target/fast/classes:$services/runner/target/fast/lib/*:$(cd "$home" && find "${MAVEN_REPO:-$HOME/.m2/repository}/org/apache/kafka/kafka-streams-test-utils" -name '*.jar' | head -1)" \
  io.prefstream.bench.cleaning.CleaningBench $sizes
