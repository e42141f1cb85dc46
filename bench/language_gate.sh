#!/usr/bin/env bash
# Measures the language gate: real answers of the public sets that it does not trust, by set and reason, and seeded attacks that
# it stops, by kind. Prints two tables; HITS takes the answers that were hit, with how they begin and end.
# Usage: PREFSTREAM_DATA=DIR bench/language_gate.sh HITS
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
hits=${1:?give a file for the answers that are hit}
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package >&2)
services=$home/services
"$jdk/bin/java" -Xmx2g \
  -cp "$home/bench/evidence/target/fast/classes:$services/runner/target/fast/classes:$services/runner/target/fast/lib/*" \
  io.prefstream.bench.language.LanguageGateBench "${PREFSTREAM_DATA:?names the folder of public sets}" "$hits"
