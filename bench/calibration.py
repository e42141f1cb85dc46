#!/usr/bin/env python3
"""Holds the product's calibration and bias figures against scipy and scikit-learn; calibration.sh runs it.

    calibration.py JAVA_COMMAND...     the command that prints the product's figures for a file of labels and margins

Files are generated: labels drawn by margins, which are then made too large or too small, with folds, a trait with ties, and pairs
of margin 0; no random numbers of a library, so they are the same everywhere. Bounds: every figure within 1e-6. Expected
calibration errors are written out here a second time, from their definition over numpy's histogram edges.
"""
import hashlib
import math
import subprocess
import sys
import tempfile

import numpy
from scipy.optimize import minimize_scalar
from scipy.stats import norm, spearmanr
from sklearn.metrics import brier_score_loss, log_loss

FOLDS = 5
EXACT = 1e-6


def unit(*parts):
    return (int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:8], "big") >> 11) * 2.0**-53


def generated(n, factor, seed):
    rows = []
    for i in range(n):
        truth = 2 * float(norm.ppf(min(1 - 1e-9, max(1e-9, unit(seed, "margin", i)))))
        right = unit(seed, "label", i) < 1 / (1 + math.exp(-truth))
        trait = round(truth + 4 * unit(seed, "trait", i) - 2)
        margin = 0.0 if unit(seed, "tie", i) < 0.02 else factor * truth
        rows.append((margin, right, int(FOLDS * unit(seed, "fold", i)), float(trait)))
    return rows


def sigmoid(x):
    return 1 / (1 + numpy.exp(-x))


def temperature(margins, right):
    sides = numpy.where(right, margins, -margins)
    loss = lambda log_t: numpy.logaddexp(0, -sides / math.exp(log_t)).mean()
    return math.exp(minimize_scalar(loss, bounds=(math.log(0.01), math.log(100)), method="bounded", options={"xatol": 1e-12}).x)


def ece(p, right, edges):
    confidence = numpy.maximum(p, 1 - p)
    hit = numpy.where(p == 0.5, 0.5, ((p > 0.5) == right).astype(float))
    place = numpy.clip(numpy.searchsorted(edges, confidence, side="right") - 1, 0, len(edges) - 2)
    return sum(
        abs(hit[place == b].mean() - confidence[place == b].mean()) * (place == b).mean()
        for b in range(len(edges) - 1)
        if (place == b).any()
    )


def adaptive(p, right):
    confidence = numpy.maximum(p, 1 - p)
    hit = numpy.where(p == 0.5, 0.5, ((p > 0.5) == right).astype(float))
    order = numpy.lexsort((hit, confidence))
    parts = [order[numpy.arange(len(p)) * 10 // len(p) == b] for b in range(10)]
    return sum(abs(hit[part].mean() - confidence[part].mean()) * len(part) / len(p) for part in parts if len(part))


def figures(p, right, suffix):
    return {
        "log_loss" + suffix: log_loss(right, p, labels=[False, True]),
        "brier" + suffix: brier_score_loss(right, p),
        "ece" + suffix: ece(p, right, numpy.linspace(0.5, 1, 11)),
        "ece_adaptive" + suffix: adaptive(p, right),
    }


def wilson(k, n):
    z = norm.ppf(0.95)
    centre, half = (k / n + z * z / 2 / n), z * math.sqrt(k / n * (1 - k / n) / n + z * z / 4 / n / n)
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


def expected(rows):
    margins, right, folds, traits = (numpy.array(column) for column in zip(*rows))
    told = {"temperature": temperature(margins, right), "gold_correct": ((margins > 0) == right)[margins != 0].sum()}
    told.update(figures(sigmoid(margins), right, ""))
    held = numpy.empty(len(rows))
    for fold in range(FOLDS):
        held[folds == fold] = sigmoid(margins[folds == fold] / temperature(margins[folds != fold], right[folds != fold]))
    told.update(figures(held, right, "_calibrated"))
    both = lambda values: numpy.concatenate([values, -values])
    told["bias_length_spearman"] = spearmanr(both(traits), both(margins)).statistic
    slope = numpy.linalg.lstsq(traits[:, None], margins, rcond=None)[0][0]
    told["bias_length_per_sd"] = slope * math.sqrt((traits**2).mean())
    better = numpy.where(right, traits, -traits)
    ranked = numpy.where(right, margins, -margins) > 0
    more, less = better > 0, better < 0
    p1, p2 = ranked[more].mean(), ranked[less].mean()
    (l1, u1), (l2, u2) = wilson(ranked[more].sum(), more.sum()), wilson(ranked[less].sum(), less.sum())
    told["bias_length_gap"] = p1 - p2
    told["bias_length_gap_lower"] = p1 - p2 - math.hypot(p1 - l1, u2 - p2)
    told["bias_length_gap_upper"] = p1 - p2 + math.hypot(u1 - p1, p2 - l2)
    towards, away = (less & ~ranked).sum(), (more & ~ranked).sum()
    for name, share in zip(("lower", "upper"), wilson(towards, towards + away)):
        told["bias_length_excess_" + name] = (2 * share - 1) * (towards + away) / (more | less).sum()
    return told


def main():
    worst = 0.0
    for n, factor, seed in ((100, 1.0, 0), (137, 3.0, 1), (1000, 0.4, 2), (5000, 2.0, 3)):
        rows = generated(n, factor, seed)
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file:
            file.writelines(f"{m!r}\t{int(r)}\t{f}\t{t!r}\n" for m, r, f, t in rows)
            file.flush()
            out = subprocess.run(sys.argv[1:] + [file.name], check=True, capture_output=True, text=True).stdout
        ours = {name: float(value) for name, value in (line.split("\t") for line in out.splitlines())}
        for name, value in expected(rows).items():
            off = abs(ours[name] - float(value))
            worst = max(worst, off)
            if not off <= EXACT:
                print(f"{n} labels: {name} is {ours[name]}, and should be {value}")
        print(f"{n} labels, margins times {factor}: temperature {ours['temperature']:.4f}, ECE {ours['ece']:.4f}, "
              f"calibrated {ours['ece_calibrated']:.4f}, {len(expected(rows))} figures compared")
    print(f"greatest difference {worst:.2e}")
    sys.exit(0 if worst <= EXACT else 1)


if __name__ == "__main__":
    main()
