#!/usr/bin/env python3
"""Curates every converted set once and holds the outcome to its books.

    check.py [SET...]        needs PREFSTREAM_DATA; all sets of convert.py but alpaca_eval by default

For each set: every row read has one line in verdicts.jsonl, in input order; the sums close and are those of the manifest; no
revision of a pair has two verdicts, and verdicts.jsonl holds the last. Ends with 1 when a set fails.
"""
import collections
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HOME = pathlib.Path(__file__).resolve().parent.parent
SETS = "ukp_convarg hh_harmless llmfao pandalm oasst1_en_val evouna_nq gsm8k_model_solutions smoke_llamafactory".split()


def check(name, work):
    subprocess.run([HOME / "bench/convert.py", name, work / "pool"], check=True)
    pairs = work / "pool/pairs.jsonl"
    command = [HOME / "prefstream", "curate", pairs, "--gold", work / "pool/gold.jsonl", "--out", work / "out", "--progress", "none"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)

    faults = []
    read = sum(1 for line in open(pairs, encoding="utf-8") if line.strip())
    lines = [json.loads(line) for line in open(work / "out/verdicts.jsonl", encoding="utf-8")]
    if [row["line"] for row in lines] != list(range(1, read + 1)):
        faults.append(f"{read} rows were read, and verdicts.jsonl does not have one line for each in their order")
    counts = collections.Counter(row["verdict"] for row in lines)
    told = json.load(open(work / "out/manifest.json", encoding="utf-8"))["counts"]
    if told["read"] != read or sum(told.values()) != 2 * read:
        faults.append(f"the sums don't close: {told}")
    if any(told[verdict] != counts[verdict] for verdict in told if verdict != "read"):
        faults.append(f"the manifest says {told}, verdicts.jsonl {dict(counts)}")

    topic = [HOME / "prefstream", "topics", "verdicts", "--data-dir", work / "out/.prefstream"]
    records = subprocess.run(topic, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    revisions, last = set(), {}
    for record in records:
        pair, text = record.split("\t", 1)
        revision = int(re.search(r'"revision": (\d+)', text)[1])
        if (pair, revision) in revisions:
            faults.append(f"revision {revision} of {pair} has two verdicts")
        revisions.add((pair, revision))
        if revision >= last.get(pair, (0, ""))[0]:
            last[pair] = revision, re.search(r'"verdict": "(\w+)"', text)[1].lower()
    decided = [row for row in lines if row["verdict"] != "rejected_input" or row["rule"] == "contradiction"]
    shown = {row["pair_id"]: row["verdict"] for row in decided}
    if len(shown) != len(decided) or shown != {pair: verdict for pair, (_, verdict) in last.items()}:
        faults.append("verdicts.jsonl and the last verdicts of the topic differ")
    print(f"{name}: {read} read = " + " + ".join(f"{counts[v]} {v}" for v in sorted(counts)) + f"; {len(revisions)} verdicts")
    for fault in faults:
        print(f"{name}: {fault}")
    return not faults


def main():
    good = True
    for name in sys.argv[1:] or SETS:
        with tempfile.TemporaryDirectory() as work:
            good &= check(name, pathlib.Path(work))
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
