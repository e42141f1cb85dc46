#!/usr/bin/env bash
# Holds temperature, calibration errors, scores and bias figures against scipy and scikit-learn on generated files; ends with 1 when
# a figure is out. Needs Python with scipy and scikit-learn.
# Usage: [PYTHON=python3] bench/calibration.sh
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
jdk=$("$home/prefstream" --print-jdk)
(cd "$home" && JAVA_HOME=$jdk mvn -q -B -Dfast -Dmaven.test.skip=true -pl bench/evidence -am package)
exec "${PYTHON:-python3}" "$home/bench/calibration.py" "$jdk/bin/java" -cp \
  "$home/bench/evidence/target/fast/classes:$home/services/core/target/fast/classes" \
  io.prefstream.bench.training.CalibrationFigures
