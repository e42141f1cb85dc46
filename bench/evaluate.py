#!/usr/bin/env python3
"""Holds a run's verdicts against the known answers of convert.py.

    evaluate.py RUN_OUT_DIR CONVERTED_DIR

prints precision and share of KEEP and FLIP as published, and points of the accuracy-coverage curve over p_right, gold pairs
left out of both.
"""
import json
import pathlib
import sys

run, converted = map(pathlib.Path, sys.argv[1:3])
truth = json.load(open(converted / "truth.json"))
rows = [json.loads(line) for line in open(run / "verdicts.jsonl")]
rows = [r for r in rows if r["source_id"] in truth and not truth[r["source_id"]]["gold"]]
pairs = [r for r in rows if r["verdict"] != "rejected_input"]
right = lambda r: truth[r["source_id"]]["right"]
print(f"pairs {len(pairs)}, labels right {sum(map(right, pairs)) / len(pairs):.3f}")
for verdict, good in (("keep", right), ("flip", lambda r: not right(r))):
    got = [r for r in pairs if r["verdict"] == verdict]
    print(f"{verdict}: {sum(map(good, got)) / len(got):.3f} on {len(got) / len(pairs):.1%}" if got else f"{verdict}: none published")
scored = sorted((r for r in pairs if r["p_right"] is not None), key=lambda r: -r["p_right"])
for share in (0.3, 0.44, 0.5, 0.64, 0.7, 0.8):
    top = scored[: int(share * len(pairs))]
    if top:
        print(f"  KEEP at {share:.0%}: {sum(map(right, top)) / len(top):.3f} (p_right >= {top[-1]['p_right']:.3f})")
for share in (0.02, 0.05, 0.15, 0.2):
    low = scored[-int(share * len(pairs)) :]
    if low:
        print(f"  FLIP at {share:.0%}: {sum(not right(r) for r in low) / len(low):.3f} (p_right <= {low[0]['p_right']:.3f})")
