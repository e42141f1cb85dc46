#!/usr/bin/env python3
"""Holds the product's agreement and fusion against independent packages; agreement.sh runs it.

    agreement.py JAVA_COMMAND...     the command that prints the product's figures for a file of votes

Sets: one generated file (20,000 items, 5 votes each, 40 workers, classes first, second and tie; no random numbers, so it is the
same everywhere), and, with PREFSTREAM_DATA, pandalm (3 people, 2 models), llmfao (a crowd, 2 models), ukp_convarg (a crowd) and
dices_990 (about 73 raters a reply, without ids: the n-th rater of a reply is taken as one person).

Bounds: alpha, every kappa, their mean and every posterior within 1e-6; the same fused label on every item; on the generated file
majority and Dawid-Skene within .1 points of crowd-kit's, streaming after one pass within .3 points of batch.
For information: how many labels differ between batch as crowd-kit has it, batch as the product has it (each annotator lent a few
votes, which counts where annotators have few), and streaming (lent the same).
"""
import csv
import collections
import gzip
import hashlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import krippendorff
import numpy
import pandas
from crowdkit.aggregation import DawidSkene, MajorityVote
from sklearn.metrics import cohen_kappa_score

CLASSES = 3
SHARED = 10
EXACT = 1e-6


def unit(seed, purpose, name):
    """A number in [0, 1) that a hash draws: SHA-256 of seed, purpose and name, each text after its length; its first 53 bits."""
    tag, key = purpose.encode(), name.encode()
    text = seed.to_bytes(8, "big") + len(tag).to_bytes(4, "big") + tag + len(key).to_bytes(4, "big") + key
    return (int.from_bytes(hashlib.sha256(text).digest()[:8], "big") >> 11) * 2.0**-53


def generated(items=20_000, each=5, workers=40, seed=0):
    """Truth: first and second four times in ten each, tie twice. A worker is right with a probability uniform in (.55, .92) over
    workers; when wrong, it says one of the other two by a habit uniform in (0, 1) over workers and truths. Each item is judged by
    the first five workers in an order of its own."""
    names = [f"w{w:02}" for w in range(workers)]
    accuracy = {w: 0.55 + 0.37 * unit(seed, "accuracy", w) for w in names}
    habit = {(w, c): unit(seed, "habit", f"{w}/{c}") for w in names for c in range(CLASSES)}
    votes, truth = [], {}
    for i in range(items):
        item = f"i{i:05}"
        right = truth[item] = int(2.5 * unit(seed, "truth", item))
        for worker in sorted(names, key=lambda w: unit(seed, "worker", f"{item}/{w}"))[:each]:
            u, a = unit(seed, "vote", f"{item}/{worker}"), accuracy[worker]
            first_other = u < a + habit[worker, right] * (1 - a)
            votes.append((item, worker, "HUMAN", right if u < a else (right + (1 if first_other else 2)) % CLASSES))
    return votes, truth


def opened(path):
    return gzip.open(path, "rt", encoding="utf-8")


def pandalm(data):
    of = {"1": 0, "2": 1, "0": 2, "tie": 2, "Tie": 2}
    for row in json.load(opened(data / "pandalm/testset-v1.json.gz")):
        for n in "123":
            yield str(row["idx"]), "annotator" + n, "HUMAN", of[str(row["annotator" + n])]
    for model, field, name in [("gpt-3.5-turbo", "gpt_result", "gpt-3.5-turbo"), ("pandalm-7b", "pandalm_result", "pandalm-7b")]:
        for row in json.load(opened(data / f"pandalm/{model}-testset-v1.json.gz")):
            if str(row[field]) in of:
                yield str(row["idx"]), name, "JUDGE", of[str(row[field])]


def llmfao(data):
    names = {m["id"]: m["name"] for m in map(json.loads, open(data / "llmfao/models.jsonl", encoding="utf-8"))}
    for file, judge in [("crowd", None), ("gpt4-crowd", "gpt-4"), ("gpt3-crowd", "gpt-3.5")]:
        for row in csv.DictReader(opened(data / f"llmfao/{file}-comparisons.csv.gz")):
            winner = row.get(row["winner"])  # the name on the side that won; none for a tie
            choice = 2 if winner is None else 0 if winner == names[int(row["model_x"])] else 1
            yield row["id"], judge or "w" + row["worker"], "JUDGE" if judge else "HUMAN", choice


def ukp_convarg(data):
    for file in sorted((data / "ukp_convarg").glob("*.jsonl.gz")):
        for row in map(json.loads, opened(file)):
            for worker, said in row["votes"]:
                yield row["pair_id"], worker, "HUMAN", ["a1", "a2", "equal"].index(said)


def dices_990(data):
    for row in json.load(opened(data / "dices_990/dices_990.json.gz"))["instances"]:
        for n, said in enumerate(row["annotations"]["safety"]["individual_human_scores"]):
            yield str(row["id"]), f"r{n:02}", "HUMAN", ["Yes", "No", "Unsure"].index(said)


def once(votes):
    """One vote of an annotator on an item, the last."""
    last = {(item, annotator): (item, annotator, kind, choice) for item, annotator, kind, choice in votes}
    return list(last.values())


def ours(command, votes):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "votes.tsv"
        file.write_text("".join("\t".join(map(str, vote)) + "\n" for vote in votes), encoding="utf-8")
        out = subprocess.run([*command, file], check=True, stdout=subprocess.PIPE, text=True).stdout
    found = {"figure": {}, "kappa": {}, "majority": {}, "batch": {}, "smoothed": {}, "streaming": {}}
    for what, *of in (line.split("\t") for line in out.splitlines()):
        if what == "figure":
            found[what][of[0]] = of[1]
        elif what == "kappa":
            found[what][of[0], of[1]] = float(of[2])
        else:
            found[what][of[0]] = [float(x) for x in of[1:]]
    return found


def alpha(votes, kinds):
    counts = collections.defaultdict(lambda: [0] * CLASSES)
    for item, _, kind, choice in votes:
        if kind in kinds:
            counts[item][choice] += 1
    table = numpy.array([row for row in counts.values() if sum(row) > 1])
    if len(table) == 0:
        return None
    return krippendorff.alpha(value_counts=table, level_of_measurement="nominal")


def kappas(votes):
    """Kappa and shared items of every two annotators who share ten, with their kinds."""
    by_annotator = collections.defaultdict(dict)
    kind_of = {}
    by_item = collections.defaultdict(list)
    for item, annotator, kind, choice in votes:
        by_annotator[annotator][item] = choice
        kind_of[annotator] = kind
        by_item[item].append(annotator)
    shared = collections.Counter(
        (a, b) for on in by_item.values() for a in on for b in on if a < b)
    found = {}
    for (a, b), n in shared.items():
        if n >= SHARED:
            items = by_annotator[a].keys() & by_annotator[b].keys()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                value = cohen_kappa_score(
                    [by_annotator[a][i] for i in items], [by_annotator[b][i] for i in items], labels=range(CLASSES))
            if not numpy.isnan(value):
                found[a, b] = value, n, "_".join(sorted([kind_of[a], kind_of[b]]))
    return found


def best(row):
    return int(numpy.argmax(row))


class Report:
    def __init__(self):
        self.bad = 0

    def line(self, name, what, our, other, bound):
        if our is None or other is None:
            good = our is None and other is None
            shown = "undefined", "undefined", "-"
        else:
            good = abs(our - other) <= bound
            shown = f"{our:.6g}", f"{other:.6g}", f"{abs(our - other):.1e}"
        self.bad += not good
        print(f"| {name} | {what} | {shown[0]} | {shown[1]} | {shown[2]} | {bound:g} | {'yes' if good else '**no**'} |")


def compare(report, name, votes, command, truth):
    found = ours(command, votes)

    def figure(scope):
        try:
            return float(found["figure"][scope])
        except ValueError:
            return None

    report.line(name, "alpha, people", figure("ALPHA_HUMANS"), alpha(votes, {"HUMAN"}), EXACT)
    if any(vote[2] == "JUDGE" for vote in votes):
        report.line(name, "alpha, judges", figure("ALPHA_JUDGES"), alpha(votes, {"JUDGE"}), EXACT)
        report.line(name, "alpha, everyone", figure("ALPHA_ALL"), alpha(votes, {"HUMAN", "JUDGE"}), EXACT)
    theirs = kappas(votes)
    if found["kappa"].keys() != theirs.keys():
        report.bad += 1
        print(f"| {name} | kappas are of other annotators | | | | | **no** |")
    else:
        worst = max((abs(found["kappa"][two] - theirs[two][0]) for two in theirs), default=0)
        report.line(name, f"greatest difference of {len(theirs)} kappas", worst, 0, EXACT)
    for kinds in sorted({"HUMAN_HUMAN"} | {k for _, _, k in theirs.values()}):
        some = [(value, n) for value, n, k in theirs.values() if k == kinds]
        mean = sum(v * n for v, n in some) / sum(n for _, n in some) if some else None
        report.line(name, f"mean kappa, {kinds.lower().replace('_', ' and ')}", figure("KAPPA_" + kinds), mean, EXACT)

    frame = pandas.DataFrame([(i, a, c) for i, a, _, c in votes], columns=["task", "worker", "label"])
    # Of classes with equally many votes crowd-kit takes the first column, whose order depends on pandas: ours is put on it.
    majority = MajorityVote().fit_predict_proba(frame).sort_index(axis="columns").idxmax(axis="columns")
    other = sum(best(found["majority"][i]) != majority[i] for i in majority.index)
    report.line(name, "items with another majority", other, 0, 0)
    theirs = DawidSkene(n_iter=100).fit(frame)
    probas = theirs.probas_.reindex(columns=range(CLASSES), fill_value=0.0)
    gap = max(numpy.abs(numpy.array(found["batch"][i]) - probas.loc[i].to_numpy()).max() for i in probas.index)
    other = sum(best(found["batch"][i]) != theirs.labels_[i] for i in probas.index)
    report.line(name, "greatest difference of a posterior", gap, 0, EXACT)
    report.line(name, "items with another Dawid-Skene label", other, 0, 0)
    for one, other in [("smoothed", "batch"), ("streaming", "smoothed"), ("streaming", "batch")]:
        apart = 100 * sum(best(found[one][i]) != best(found[other][i]) for i in probas.index) / len(probas)
        print(f"| {name} | % of items that {one} labels otherwise than {other} | {apart:.2f} | | | | |")
    if truth is None:
        return

    def right(labels):
        return 100 * sum(labels(i) == truth[i] for i in truth) / len(truth)

    batch = right(lambda i: best(found["batch"][i]))
    report.line(name, "majority, % right", right(lambda i: best(found["majority"][i])), right(majority.get), 0.1)
    report.line(name, "Dawid-Skene, % right", batch, right(theirs.labels_.get), 0.1)
    report.line(name, "streaming, % right (other: our batch)", right(lambda i: best(found["streaming"][i])), batch, 0.3)


def main():
    command = sys.argv[1:]
    if not command:
        sys.exit(__doc__)
    report = Report()
    print("| set | figure | ours | other | difference | bound | within |\n|---|---|---|---|---|---|---|")
    votes, truth = generated()
    compare(report, "generated", votes, command, truth)
    if "PREFSTREAM_DATA" in os.environ:
        data = pathlib.Path(os.environ["PREFSTREAM_DATA"])
        for read in (pandalm, llmfao, ukp_convarg, dices_990):
            compare(report, read.__name__, once(read(data)), command, None)
    else:
        print("PREFSTREAM_DATA is not set: public sets are left out", file=sys.stderr)
    sys.exit(1 if report.bad else 0)


if __name__ == "__main__":
    main()
