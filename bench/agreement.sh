#!/usr/bin/env bash
# Holds alpha, kappa, majority and Dawid-Skene against krippendorff, scikit-learn and crowd-kit, on a generated file and on
# public sets; ends with 1 when a figure is out. Needs Python with crowd-kit 1.4.1, krippendorff and scikit-learn.
# Usage: [PREFSTREAM_DATA=DIR] [PYTHON=python3] bench/agreement.sh
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
exec "${PYTHON:-python3}" "$home/bench/agreement.py" "$jdk/bin/java" -cp \
  "$home/bench/evidence/target/fast/classes:$home/services/core/target/fast/classes" \
  io.prefstream.bench.evidence.FusionFigures
