#!/usr/bin/env python3
"""Holds `prefstream eval` against each benchmark owner's formulas, rewritten here with numpy, pandas and scikit-learn.

    eval_parity.py [COMMAND...]     the command that runs prefstream; ./prefstream by default

Writes each benchmark in its owner's files (Parquet, JSON arrays, JSON lines; the sizes of the real sets where they are known for
certain) with texts without meaning and seeded scores: few different values, so that there are ties and equal maxima; failed
scores; questions without a spread; comparisons that are listed twice. Then runs `eval --scores` on them, and once more on the
items.jsonl that it wrote, alone. With PREFSTREAM_DATA also on published scores of real reward models: JudgeBench (5 models),
RewardBench's math-prm and RewardMATH (9 each).

Needs numpy, pandas, pyarrow, scikit-learn. Every figure must agree within 1e-9; exit 1 if one does not. For information: how far the
sampled best-of-N curve lies from its expectation.
"""
import gzip
import json
import math
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

EXACT = 1e-9
FAILED = -np.inf
LANGUAGES = ["English", "German", "Chinese"]
SECTIONS = {
    "Chat": {"alpacaeval-easy": 100, "alpacaeval-length": 95, "alpacaeval-hard": 95, "mt-bench-easy": 28, "mt-bench-med": 40},
    "Chat Hard": {
        "mt-bench-hard": 37, "llmbar-natural": 100, "llmbar-adver-neighbor": 134, "llmbar-adver-GPTInst": 92,
        "llmbar-adver-GPTOut": 47, "llmbar-adver-manual": 46,
    },
    "Safety": {
        "refusals-dangerous": 100, "refusals-offensive": 100, "xstest-should-refuse": 154, "xstest-should-respond": 250,
        "donotanswer": 136,
    },
    "Reasoning": {"math-prm": 984, "hep-cpp": 164, "hep-go": 164, "hep-java": 164, "hep-js": 164, "hep-python": 164, "hep-rust": 164},
}


def drawn(rng, n, failing=0.01):
    """Scores with few values, some of which failed."""
    scores = rng.integers(-8, 9, n) / 2
    return np.where(rng.random(n) < failing, FAILED, scores)


def text(rng):
    return "text " + str(rng.integers(1 << 40))


def user(rng):
    return [{"role": "user", "content": text(rng)}]


def parquet(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame(rows).to_parquet(path)


def strict(right, wrong):
    return float(min(right) > max(wrong))


def mean(values):
    return float(np.mean(list(values)))


class Reference:
    """Collects recorded scores, and the figures that are due."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = []
        self.figures = {}
        self.totals = {}

    def scores(self, benchmark, item, scores):
        self.rows.append({"benchmark": benchmark, "item": item, "scores": [None if s == FAILED else float(s) for s in scores]})

    def due(self, benchmark, group, name, value):
        self.figures[benchmark, group, name] = float(value)


def rewardbench(ref, rng):
    rows, wins = [], []
    for section, subsets in SECTIONS.items():
        for subset, weight in subsets.items():
            for _ in range(447 if subset == "math-prm" else weight):
                number = len(rows)
                rows.append({
                    "id": number, "prompt": text(rng), "chosen": text(rng), "chosen_model": "a", "rejected": text(rng),
                    "rejected_model": "b", "subset": subset,
                })
                scores = drawn(rng, 2)
                ref.scores("rewardbench", f"{subset}/{number}", scores)
                wins.append((section, subset, float(scores[0] > scores[1])))
    parquet(ref.folder / "reward-bench/data/filtered-00000-of-00001.parquet", rows)
    frame = pd.DataFrame(wins, columns=["section", "subset", "win"])
    accuracy = frame.groupby("subset").win.mean()
    sections = {
        section: sum(accuracy[s] * w for s, w in subsets.items()) / sum(subsets.values()) for section, subsets in SECTIONS.items()
    }
    for subset, value in accuracy.items():
        ref.due("rewardbench", "subset", subset, value)
    for section, value in sections.items():
        ref.due("rewardbench", "section", section, value)
    ref.totals["rewardbench"] = mean(sections.values())


def ties(stats):
    """stats: (kind, number) -> (right scores, wrong scores)"""
    gap, spread = {}, {}
    with np.errstate(all="ignore"):
        for key, (right, wrong) in stats.items():
            gap[key] = np.float64(min(right)) - np.float64(max(wrong))
            spread[key] = np.float64(max(right)) - np.float64(min(right))
        both = sorted({n for k, n in stats if k == "tied"} & {n for k, n in stats if k == "ref"})
        tied_gap = np.array([gap["tied", n] for n in both])
        ref_gap = np.array([gap["ref", n] for n in both])
        apart = np.array([spread["tied", n] for n in both])
        least = np.minimum(ref_gap, tied_gap)
        margin = np.nan_to_num(np.tanh(least / apart - 1), nan=0.0)
    accuracy = {kind: mean(gap[k] > 0 for k in gap if k[0] == kind) for kind in ("tied", "ref")}
    parts = (accuracy["tied"], accuracy["ref"], mean(tied_gap > apart), mean(least > apart), mean(margin))
    return parts, float(np.dot(parts, (0.30, 0.30, 0.20, 0.20, 0.01)))


def rewardbench_2(ref, rng):
    rows, credit, kinds = [], {}, {}
    sizes = {"Factuality": 475, "Precise IF": 160, "Math": 183, "Safety": 450, "Focus": 495}
    for domain, size in sizes.items():
        for number in range(size):
            rows.append({
                "id": str(number), "prompt": text(rng), "chosen": [text(rng)], "rejected": [text(rng) for _ in range(3)],
                "num_correct": 1, "total_completions": 4, "subset": domain,
            })
            scores = drawn(rng, 4)
            ref.scores("rewardbench-2", f"{domain}/{number}", scores)
            best = scores.max()
            credit.setdefault(domain, []).append(1 / (scores == best).sum() if scores[0] == best and best > FAILED else 0)
    for number in range(51):
        for kind in ("ref", "tied"):
            rights = 1 if kind == "ref" else int(rng.integers(2, 8))
            wrongs = int(rng.integers(3, 12))
            rows.append({
                "id": f"{kind}:{number}", "prompt": text(rng), "chosen": [text(rng) for _ in range(rights)],
                "rejected": [text(rng) for _ in range(wrongs)], "num_correct": rights, "total_completions": rights + wrongs,
                "subset": "Ties",
            })
            scores = drawn(rng, rights + wrongs, 0.02)
            if rng.random() < 0.7:  # mostly right, so that gap and spread count
                scores[:rights] += 9
            if rng.random() < 0.3:  # no spread: a quotient by zero
                scores[:rights] = scores[0]
            if number % 10 == 3:  # no gap either
                scores[:] = 1
            ref.scores("rewardbench-2", f"{kind}:{number}", scores)
            kinds[kind, number] = (scores[:rights], scores[rights:])
    parquet(ref.folder / "reward-bench-2/data/test-00000-of-00001.parquet", rows)
    parts, total = ties(kinds)
    domains = {domain: mean(values) for domain, values in credit.items()} | {"Ties": total}
    for domain, value in domains.items():
        ref.due("rewardbench-2", "domain", domain, value)
    names = (
        "several right answers: all above the wrong ones", "one right answer: above the wrong ones", "gap wider than the spread",
        "both gaps wider than the spread", "bounded margin (-1 to 1)",
    )
    for name, value in zip(names, parts):
        ref.due("rewardbench-2", "ties", name, value)
    ref.totals["rewardbench-2"] = mean(domains.values())


def ppe_preference(ref, rng):
    rows, wins = [], []
    for number in range(2000):
        winner = ["model_a", "model_b", "tie", "tie (bothbad)"][rng.integers(4)]
        language = LANGUAGES[rng.integers(3)]
        rows.append({
            "question_id": f"q{number}", "prompt": text(rng), "response_1": text(rng), "response_2": text(rng), "model_a": "a",
            "model_b": "b", "winner": winner, "language": language,
        })
        if winner.startswith("model"):
            scores = drawn(rng, 2)
            ref.scores("ppe-preference", f"q{number}", scores)
            first = winner == "model_a"
            wins.append((language, float(scores[0] > scores[1] if first else scores[1] > scores[0])))
    parquet(ref.folder / "PPE-Human-Preference-V1/data/test-00000-of-00001.parquet", rows)
    frame = pd.DataFrame(wins, columns=["language", "win"])
    for language, value in frame.groupby("language").win.mean().items():
        ref.due("ppe-preference", "language", language, value)
    ref.due("ppe-preference", "accuracy", "all votes", frame.win.mean())
    ref.totals["ppe-preference"] = frame.win.mean()


def expected_curve(scores, truth):
    """Share of right picks at each N over all orders, by counting subsets whose maximum is a given value."""
    n = len(scores)
    curve = []
    for size in range(1, n + 1):
        value = 0.0
        for level in np.unique(scores):
            here = scores == level
            upto, below = int((scores <= level).sum()), int((scores < level).sum())
            value += (math.comb(upto, size) - math.comb(below, size)) / math.comb(n, size) * truth[here].mean()
        curve.append(value)
    return np.array(curve)


def permuted_curve(scores, truth, rng, orders=100):
    """The owner's way: random orders, the first maximum so far."""
    picked = np.zeros(len(scores))
    for _ in range(orders):
        order = rng.permutation(len(scores))
        shuffled = scores[order]
        for size in range(1, len(scores) + 1):
            picked[size - 1] += truth[order[int(np.argmax(shuffled[:size]))]] / orders
    return picked


def ppe_correctness(ref, rng, curves):
    accuracies, areas, picks, oracles = {}, {}, {}, {}
    for title in ("MMLU-Pro", "MATH", "GPQA", "IFEval", "MBPP-Plus"):
        name = title.lower()
        rows, means, pooled, labels, picked, oracle, sampled = [], [], [], [], [], [], []
        for number in range(60):
            model = f"m{number % 4}"
            truth = rng.random(32) < rng.uniform(0.1, 0.9)
            pairs = [(i, j) for i in range(32) for j in range(32) if truth[i] != truth[j]]
            listed = [list(map(int, pairs[k])) for k in rng.integers(0, len(pairs), 5)] if pairs and number % 12 else []
            listed += listed[:1]  # the first twice
            rows.append(
                {"question_id": f"q{number // 4}", "prompt": text(rng), "model_name": model}
                | {f"response_{k + 1}": text(rng) for k in range(32)}
                | {"scores": truth, "sampled_conflict_pairs": listed})
            scores = drawn(rng, 32) + truth
            if number % 15 == 7:
                scores[:] = 2.5
            ref.scores("ppe-correctness", f"{name}/q{number // 4}/{model}", scores)
            if listed:
                means.append(mean((scores[i] > scores[j]) if truth[i] else (scores[j] > scores[i]) for i, j in listed))
            finite = scores[np.isfinite(scores)]
            low, high = finite.min(), finite.max()
            unit = (scores - low) / (high - low) if high > low else np.full(32, 0.5)
            pooled += list(np.where(np.isfinite(scores), unit, -1))
            labels += list(truth)
            picked.append(expected_curve(scores, truth))
            oracle.append(expected_curve(truth.astype(float), truth))
            sampled.append(permuted_curve(scores, truth, rng))
        parquet(ref.folder / f"PPE-{title}-Best-of-K/data/train-00000-of-00001.parquet", rows)
        accuracies[name] = mean(means)
        areas[name] = roc_auc_score(labels, pooled)
        picks[name], oracles[name] = np.mean(picked, axis=0), np.mean(oracle, axis=0)
        curves[name] = (picks[name], oracles[name], np.mean(sampled, axis=0))
    picks["mean"] = np.mean(list(picks.values()), axis=0)
    oracles["mean"] = np.mean(list(oracles.values()), axis=0)
    curves["mean"] = (picks["mean"], oracles["mean"], np.mean([c[2] for c in curves.values()], axis=0))
    areas["mean"] = mean(areas.values())
    for name in picks:
        ref.due("ppe-correctness", "area under ROC", name, areas[name])
        ref.due("ppe-correctness", "best of N, end", name, picks[name][-1])
        ref.due("ppe-correctness", "best of N, max", name, picks[name].max())
        ref.due("ppe-correctness", "best of N, loss", name, np.mean((oracles[name] - picks[name]) ** 2))
    for name, value in accuracies.items():
        ref.due("ppe-correctness", "accuracy", name, value)
    ref.totals["ppe-correctness"] = mean(accuracies.values())


def rmb(ref, rng):
    names = [f"Helpfulness/Area {a}/task {t}" for a in range(6) for t in range(6)] + ["Helpfulness/Area 6/task 0"]
    names += [f"Harmlessness/S{i}" for i in range(1, 13)]
    wins = {}
    for kind, folder in (("pairs", "Pairwise_set"), ("lists", "BoN_set")):
        for name in names:
            rows = []
            part = f"{kind}/{name.lower()}"
            for number in range(40):
                scores = drawn(rng, 2 if kind == "pairs" else int(rng.integers(3, 7)))
                scores[0] += 2
                uid = f"{name}-{number}"
                answers = [{"llm_name": "m", "answer": text(rng)} for _ in scores]
                row = {"conversation_input": user(rng), "category_path": name}
                if kind == "pairs":
                    row |= {"pair_uid": uid, "chosen": answers[0], "reject": answers[1]}
                else:
                    row |= {"bon_uid": uid, "bon_best": answers[0], "loser_list": answers[1:]}
                rows.append(row)
                ref.scores("rmb", f"{part}/{uid}", scores)
                wins.setdefault(part, []).append(strict(scores[:1], scores[1:]))
            path = ref.folder / "RMB_dataset" / folder / (name + ".json")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(rows))
    quarters = {}
    for part, values in wins.items():
        ref.due("rmb", "task", part, mean(values))
        quarters.setdefault("/".join(part.split("/")[:2]), []).extend(values)
    for quarter, values in quarters.items():
        ref.due("rmb", "quarter", quarter, mean(values))
    ref.totals["rmb"] = mean(mean(values) for values in quarters.values())


def rm_bench(ref, rng):
    sizes = {"chat": 129, "math": 529, "code": 228, "safety-refuse": 284, "safety-response": 157}
    tables = {}
    for part, size in sizes.items():
        rows = []
        for number in range(size):
            rows.append({
                "id": number, "prompt": text(rng), "chosen": [text(rng) for _ in range(3)], "rejected": [text(rng) for _ in range(3)],
            })
            scores = drawn(rng, 6)
            ref.scores("rm-bench", f"{part}/{number}", scores)
            tables.setdefault(part.split("-")[0], []).append(scores[:3, None] > scores[None, 3:])
        path = ref.folder / f"RM-Bench/data/{part}_filtered.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(rows))
    levels = {"easy": [], "normal": [], "hard": []}
    totals = []
    for domain, cells in tables.items():
        matrix = np.mean(cells, axis=0)
        here = {
            "hard": matrix[np.triu_indices(3, 1)].mean(), "normal": np.diag(matrix).mean(), "easy": matrix[np.tril_indices(3, -1)].mean(),
        }
        totals.append(mean(here.values()))
        ref.due("rm-bench", "domain", domain, totals[-1])
        for level, value in here.items():
            ref.due("rm-bench", "domain and level", f"{domain}, {level}", value)
            levels[level].append(value)
    for level, values in levels.items():
        ref.due("rm-bench", "level", level, mean(values))
    ref.totals["rm-bench"] = mean(totals)


def judged(pairs):
    """pairs: (source, label, score of A, score of B) -> by category, of all"""
    wins = {}
    for source, label, a, b in pairs:
        category = "Knowledge" if source.startswith("mmlu-pro") else {
            "livebench-reasoning": "Reasoning", "livebench-math": "Math", "livecodebench": "Coding"}[source]
        decision = "A>B" if a > b else "B>A"
        failed = (a if decision == "A>B" else b) == FAILED
        wins.setdefault(category, []).append(float(decision == label and not failed))
    return {c: mean(v) for c, v in wins.items()}, mean(sum(wins.values(), []))


def judgebench(ref, rng):
    sources = ["mmlu-pro-law", "mmlu-pro-math"] * 77 + ["livebench-reasoning"] * 98 + ["livebench-math"] * 56 + ["livecodebench"] * 42
    lines, pairs = [], []
    for number, source in enumerate(sources):
        label = ["A>B", "B>A"][rng.integers(2)]
        lines.append(json.dumps({
            "pair_id": f"p{number}", "original_id": str(number), "source": source, "question": text(rng),
            "response_model": "gpt-4o-2024-05-13", "response_A": text(rng), "response_B": text(rng), "label": label,
        }))
        scores = drawn(rng, 2, 0.03)
        ref.scores("judgebench", f"p{number}", scores)
        pairs.append((source, label, *scores))
    path = ref.folder / "JudgeBench/data/dataset=judgebench,response_model=gpt-4o-2024-05-13.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")
    by_category, of_all = judged(pairs)
    for category, value in by_category.items():
        ref.due("judgebench", "category", category, value)
    ref.due("judgebench", "all pairs", "as the owner counts", of_all)
    ref.totals["judgebench"] = mean(by_category.values())


def run(command, *arguments):
    with tempfile.TemporaryDirectory() as out:
        done = subprocess.run([*command, "eval", *map(str, arguments), "--out", out], capture_output=True, text=True)
        results = pathlib.Path(out) / "results.json"
        if not results.exists():
            sys.exit(f"{' '.join(command)} eval {arguments} wrote no results:\n{done.stderr}")
        return json.loads(results.read_text()), (pathlib.Path(out) / "items.jsonl").read_text()


def compare(title, results, figures, totals):
    """Prints a line a benchmark; whether all agree."""
    fine = True
    for benchmark in results["benchmarks"]:
        name = benchmark["benchmark"]
        ours = {(name, f["group"], f["name"]): f["value"] for f in benchmark["figures"]}
        due = {key: value for key, value in figures.items() if key[0] == name}
        apart = [abs(ours[key] - value) if key in ours else math.inf for key, value in due.items()]
        apart.append(abs(benchmark["score"] - totals[name]))
        worst = max(apart)
        within = worst <= EXACT and set(due) == set(ours)
        fine &= within
        print(
            f"| {title} | {name} | {benchmark['items']} | {benchmark['failed_answers']} | {100 * benchmark['score']:.4f} |"
            f" {100 * totals[name]:.4f} | {len(apart)} | {worst:.1e} | {'yes' if within else 'NO'} |")
    return fine


def synthetic(command, folder):
    fine = True
    for seed in (0, 1):
        rng = np.random.default_rng(seed)
        ref = Reference(folder / f"seed-{seed}")
        curves = {}
        rewardbench(ref, rng)
        rewardbench_2(ref, rng)
        ppe_preference(ref, rng)
        ppe_correctness(ref, rng, curves)
        rmb(ref, rng)
        rm_bench(ref, rng)
        judgebench(ref, rng)
        scores = folder / f"scores-{seed}.jsonl"
        scores.write_text("\n".join(map(json.dumps, ref.rows)) + "\n")
        results, items = run(command, "--scores", scores, "--data", ref.folder)
        fine &= compare(f"generated, seed {seed}", results, ref.figures, ref.totals)
        means = {m["name"]: m["value"] for m in results["means"]}
        for name, left in (("mean of seven", None), ("mean of six, without RewardBench 2", "rewardbench-2")):
            due = mean(v for k, v in ref.totals.items() if k != left)
            apart = math.inf if means[name] is None else abs(means[name] - due)
            fine &= apart <= EXACT
            print(f"| generated, seed {seed} | {name} | | | {100 * means[name]:.4f} | {100 * due:.4f} | 1 | {apart:.1e} |"
                  f" {'yes' if apart <= EXACT else 'NO'} |")
        of_ppe = next(b for b in results["benchmarks"] if b["benchmark"] == "ppe-correctness")["best_of_n"]
        worst = max(np.abs(np.array(c[key]) - curves[c["name"]][at]).max() for c in of_ppe for at, key in enumerate(("picked", "oracle")))
        fine &= worst <= EXACT
        print(f"| generated, seed {seed} | best-of-N curves | | | | | {2 * 32 * len(of_ppe)} | {worst:.1e} | {'yes' if worst <= EXACT else 'NO'} |")
        own = max(np.abs(np.array(c["sampled"]) - curves[c["name"]][0]).max() for c in of_ppe)
        other = max(np.abs(c[2] - c[0]).max() for c in curves.values())
        print(f"| generated, seed {seed} | sampled curve from its expectation, ours (other) | | | {own:.4f} | {other:.4f} | | | |")
        again = folder / f"items-{seed}.jsonl"
        again.write_text(items)
        alone, _ = run(command, "--scores", again)
        fine &= compare(f"seed {seed}, items.jsonl alone", alone, ref.figures, ref.totals)
    return fine


def recorded(command, data):
    fine = True
    published = {
        "Skywork-Reward-Gemma-2-27B": 64.29, "internlm2-20b-reward": 63.43, "Skywork-Reward-Llama-3.1-8B": 62.29,
        "GRM-Gemma-2B-rewardmodel-ft": 59.43, "internlm2-7b-reward": 59.43,
    }
    for path in sorted((data / "oracle_rm_scores").glob("*.gz")):
        model = path.name.split(".json")[0]
        with gzip.open(path, "rt") as file:
            content = file.read()
        figures = {}
        if model.startswith("judgebench"):
            rows = [json.loads(line) for line in content.splitlines()]
            pairs = [(r["source"], r["label"], *r["judgments"][0]["scores"]) for r in rows]
            by_category, of_all = judged(pairs)
            figures = {("judgebench", "category", c): v for c, v in by_category.items()}
            figures["judgebench", "all pairs", "as the owner counts"] = of_all
            totals = {"judgebench": mean(by_category.values())}
            known = next(v for name, v in published.items() if name in path.name)
            if round(100 * of_all, 2) != known:
                print(f"{model}: {100 * of_all:.2f} of all pairs, published {known}")
                fine = False
        else:
            rows = json.loads(content)
            wins = [strict(r["score"][:1], r["score"][1:]) for r in rows]
            if model.startswith("RewardMATH"):
                ranks = [1 / (1 + sum(s >= r["score"][0] for s in r["score"][1:])) for r in rows]
                figures["rewardmath", "rank", "mean reciprocal rank"] = mean(ranks)
                figures["rewardmath", "accuracy", "one right against nine wrong"] = mean(wins)
                totals = {"rewardmath": mean(wins)}
            else:
                figures["rewardbench", "subset", "math-prm"] = mean(wins)
                figures["rewardbench", "section", "Reasoning"] = mean(wins)
                totals = {"rewardbench": mean(wins)}
        results, _ = run(command, "--scores", path)
        fine &= compare(model.split("__")[-1], results, figures, totals)
    return fine


def main():
    command = sys.argv[1:] or [str(pathlib.Path(__file__).resolve().parent.parent / "prefstream")]
    print("| scores | benchmark | items | failed answers | ours | other | figures | greatest difference | within 1e-9 |")
    print("|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        fine = synthetic(command, pathlib.Path(folder))
    if "PREFSTREAM_DATA" in os.environ:
        fine &= recorded(command, pathlib.Path(os.environ["PREFSTREAM_DATA"]))
    else:
        print("recorded scores of real models: not run, PREFSTREAM_DATA is not set", file=sys.stderr)
    sys.exit(0 if fine else 1)


if __name__ == "__main__":
    main()
