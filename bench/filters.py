#!/usr/bin/env python3
"""KEEP and FLIP against the known truth, beside cleanlab's confident learning and a filter of one reward model, on the same features.

    filters.py DUMPS

DUMPS is what STUDY_DUMPS=DUMPS bench/study.sh keeps: of every run the features of each pair and what became of it. cleanlab gets the
labels as they came and out-of-fold probabilities of a logistic regression on the features, every pair turned by a hash so that
there are two classes; it knows nothing of the human labels. One reward model: the best one's out-of-fold probability, kept from .5
and flipped under it, as a pipeline without a gold model would. Pairs that people labelled count for nobody. "At the same coverage"
takes as many pairs as prefstream published, the most certain first; where it published none, half of the pool for KEEP and 5 % for
FLIP. Needs: pip install cleanlab scikit-learn
"""
import collections
import hashlib
import json
import math
import pathlib
import statistics
import sys

import cleanlab
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict
from sklearn.preprocessing import StandardScaler


def load(path):
    rows = [json.loads(line) for line in open(path, encoding="utf-8")]
    x = np.fromfile(path.with_suffix(".f32"), dtype="<f4").reshape(len(rows), -1)
    return rows, x


def confident(rows, x):
    """Probability that each label is right, and whether cleanlab calls it an issue."""
    turn = np.array([1 if int(hashlib.sha256(r["pair_id"].encode()).hexdigest()[:8], 16) % 2 else -1 for r in rows])
    y = (turn > 0).astype(int)  # label: is the first of the two, in hashed order, the chosen one
    scaled = StandardScaler(with_mean=False).fit_transform(x * turn[:, None])
    p = cross_val_predict(LogisticRegression(C=0.01, max_iter=2000, fit_intercept=False), scaled, y, cv=5, method="predict_proba")
    issues = cleanlab.filter.find_label_issues(y, p, filter_by="confident_learning")
    return p[np.arange(len(y)), y], issues


def share(right, of):
    return sum(right) / of if of else math.nan


def main():
    results = collections.defaultdict(lambda: collections.defaultdict(list))
    for path in sorted(pathlib.Path(sys.argv[1]).glob("*.jsonl")):
        pool = path.stem.rsplit("-", 1)[0]
        rows, x = load(path)
        told, issues = confident(rows, x)
        open_ = [i for i, r in enumerate(rows) if not r["human"]]
        right = np.array([bool(r["right"]) for r in rows])
        ours = np.array([r["p_right"] if r["p_right"] is not None else 0.5 for r in rows])
        best = np.array([r["p_best"] if r["p_best"] is not None else 0.5 for r in rows])
        out = results[pool]
        out["labels right"].append(share(right[open_], len(open_)))
        kept = [i for i in open_ if rows[i]["fate"] == "KEPT"]
        flipped = [i for i in open_ if rows[i]["fate"] == "FLIPPED"]
        out["prefstream KEEP"].append(share(right[kept], len(kept)))
        out["prefstream FLIP"].append(share(~right[flipped], len(flipped)))
        out["kept, share"].append(len(kept) / len(open_))
        clean = [i for i in open_ if not issues[i]]
        dirty = [i for i in open_ if issues[i]]
        out["cleanlab KEEP"].append(share(right[clean], len(clean)))
        out["cleanlab FLIP"].append(share(~right[dirty], len(dirty)))
        one = [i for i in open_ if best[i] >= 0.5]
        other = [i for i in open_ if best[i] < 0.5]
        out["one RM KEEP"].append(share(right[one], len(one)))
        out["one RM FLIP"].append(share(~right[other], len(other)))
        keep_n = len(kept) or len(open_) // 2
        flip_n = len(flipped) or max(1, len(open_) // 20)
        for name, score in (("prefstream", ours), ("cleanlab", told), ("one RM", best)):
            order = sorted(open_, key=lambda i: (-score[i], rows[i]["pair_id"]))
            out[name + " KEEP, same coverage"].append(share(right[order[:keep_n]], keep_n))
            out[name + " FLIP, same coverage"].append(share(~right[order[-flip_n:]], flip_n))
    columns = ["labels right", "kept, share", "prefstream KEEP", "cleanlab KEEP", "one RM KEEP", "prefstream KEEP, same coverage",
               "cleanlab KEEP, same coverage", "one RM KEEP, same coverage", "prefstream FLIP", "cleanlab FLIP", "one RM FLIP",
               "prefstream FLIP, same coverage", "cleanlab FLIP, same coverage", "one RM FLIP, same coverage"]
    print("| pool | runs | " + " | ".join(columns) + " |")
    print("|---|" + "---:|" * (len(columns) + 1))
    for pool, out in results.items():
        cells = []
        for column in columns:
            values = [v for v in out[column] if not math.isnan(v)]
            spread = f" ± {statistics.stdev(values):.3f}" if len(values) > 1 else ""
            fewer = f" ({len(values)})" if values and len(values) < len(out["labels right"]) else ""
            cells.append(f"{statistics.mean(values):.3f}{spread}{fewer}" if values else "-")
        print(f"| {pool} | {len(out['labels right'])} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
