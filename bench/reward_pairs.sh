#!/usr/bin/env bash
# Makes WORK/pairs.jsonl, real pairs to score: 1,500 of hh_harmless and 1,870 of alpaca_eval, mixed.
# Usage: PREFSTREAM_DATA=DIR bench/reward_pairs.sh WORK
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
work=${1:?usage: bench/reward_pairs.sh WORK}
[ ! -e "$work/pairs.jsonl" ] || exit 0
for set in alpaca_eval hh_harmless; do
  "$home/bench/convert.py" "$set" "$work/$set" --labels clean >&2
done
{ head -n 1500 "$work/hh_harmless/pairs.jsonl"; awk 'NR % 40 == 1' "$work/alpaca_eval/pairs.jsonl"; } |
  shuf --random-source=<(yes) >"$work/pairs.half"
mv "$work/pairs.half" "$work/pairs.jsonl"
