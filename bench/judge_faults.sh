#!/usr/bin/env bash
# Labels from a judge that fails in eight ways, while the label verifier is killed again and again.
# Usage: bench/judge_faults.sh [LABELS [KILLS [SEED]]]   (10000 20 1; about 25 minutes on two cores)
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
jdk=$("$home/prefstream" --print-jdk)
"$home/prefstream" --version >/dev/null # builds
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
services=$home/services
"$jdk/bin/java" -Xmx2g --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$home/bench/evidence/target/fast/classes:$services/kit-test/target/fast/classes:$services/runner/target/fast/classes:$services/runner/target/fast/lib/*" \
  io.prefstream.bench.faults.JudgeFaults "$home/prefstream" "$work" \
  "${1:-10000}" "${2:-20}" "${3:-1}" "${FAULT_SHARE:-0.05}" "${LATENCY_MS:-900}" "${KILL_LEAST:-20}" "${KILL_MOST:-60}"
rm -rf "$work"
