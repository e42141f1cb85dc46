#!/usr/bin/env python3
"""Builds the sample that ships with prefstream from the texts in source/.

    python3 bench/sample/make_sample.py            writes the sample
    python3 bench/sample/make_sample.py --check    builds it in memory, verifies its counts and compares it with the files

Needs nothing but Python 3.9. Every choice is a hash of the seed and the row's name, so the same seed gives the same
bytes on every machine; nothing depends on time, on locale or on the order of a set.
"""

import argparse
import datetime
import hashlib
import itertools
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE / "source"
TARGET = HERE.parents[1] / "services" / "runner" / "src" / "main" / "resources" / "sample"
SEED = 7

CATEGORIES = (
    "Information seeking", "Reasoning", "Planning", "Editing", "Coding & Debugging", "Math",
    "Role playing", "Data analysis", "Creative writing", "Advice seeking", "Brainstorming", "Others",
)

# Wrong original labels by distance in rank: neighbours are confused most, 132 of 600 (22 %) in all.
WRONG_BY_GAP = {1: 90, 2: 34, 3: 8}
DUPLICATES = 20
CONTRADICTIONS = 8
CONTRADICTIONS_WITH_LABELS = 2
LABELLED_PAIRS = 150

# Share of right verdicts of each rater, among verdicts that pick a side.
RATERS = {"rater-1": 0.97, "rater-2": 0.95, "rater-3": 0.92, "rater-4": 0.89, "rater-5": 0.85}
# Share of "tie" and of "cannot_tell" by distance in rank.
UNDECIDED = {1: (0.06, 0.03), 2: (0.02, 0.02), 3: (0.0, 0.01)}
ZONES = ("Z", "+01:00", "+05:30", "-05:00")
FIRST_LABEL = datetime.datetime(2026, 1, 12, 8, 0, 0)


class Dice:
    """Numbers that depend on the seed and on a name only."""

    def __init__(self, seed):
        self.seed = seed

    def bits(self, *name):
        text = "\x1f".join([str(self.seed), *map(str, name)])
        return int.from_bytes(hashlib.sha256(text.encode("utf-8")).digest()[:8], "big")

    def share(self, *name):
        """In [0, 1)."""
        return (self.bits(*name) >> 11) / float(1 << 53)

    def order(self, items, *name, key=str):
        return sorted(items, key=lambda item: (self.bits(*name, key(item)), key(item)))


def read_source():
    prompts = []
    for path in sorted(SOURCE.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            prompts.append(json.loads(line))
    return sorted(prompts, key=lambda prompt: (CATEGORIES.index(prompt["category"]), prompt["id"]))


def history(prompt):
    turns = prompt["prompt"] if isinstance(prompt["prompt"], list) else [prompt["prompt"]]
    return [{"role": "user" if i % 2 == 0 else "assistant", "content": turn} for i, turn in enumerate(turns)]


def answer(text):
    return {"role": "assistant", "content": text}


def line_of(row):
    return json.dumps(row, ensure_ascii=False).encode("utf-8")


def make_pairs(prompts, dice):
    """Six pairs a prompt. Their letters say nothing of the ranks."""
    pairs = []
    for prompt in prompts:
        ranks = dice.order(itertools.combinations(range(4), 2), "letter", prompt["id"])
        for letter, (better, worse) in zip("abcdef", ranks):
            pairs.append({
                "id": f"{prompt['id']}-{letter}", "prompt": prompt, "better": better, "worse": worse, "gap": worse - better})
    for gap, count in WRONG_BY_GAP.items():
        same_gap = [pair for pair in pairs if pair["gap"] == gap]
        for i, pair in enumerate(dice.order(same_gap, "wrong", key=lambda pair: pair["id"])):
            pair["wrong"] = i < count
    return pairs


def row_of(pair):
    before = history(pair["prompt"])
    good, bad = (pair["prompt"]["answers"][pair[side]] for side in ("better", "worse"))
    chosen, rejected = (bad, good) if pair["wrong"] else (good, bad)
    return {"id": pair["id"], "chosen": before + [answer(chosen)], "rejected": before + [answer(rejected)]}


def make_labels(pairs, dice):
    labels = []
    for pair in pairs:
        count = 2 + dice.bits("raters", pair["id"]) % 3
        for rater in sorted(dice.order(RATERS, "rater", pair["id"])[:count]):
            right = "rejected" if pair["wrong"] else "chosen"
            other = "chosen" if pair["wrong"] else "rejected"
            ties, blanks = UNDECIDED[pair["gap"]]
            roll = dice.share("verdict", pair["id"], rater)
            if roll < ties:
                verdict = "tie"
            elif roll < ties + blanks:
                verdict = "cannot_tell"
            else:
                verdict = right if dice.share("accuracy", pair["id"], rater) < RATERS[rater] else other
            words = sum(len(text.split()) for text in pair["prompt"]["answers"])
            seconds = round(4 + words * (0.1 + 0.15 * dice.share("pace", pair["id"], rater)) + 12.0 / pair["gap"], 1)
            zone = ZONES[int(rater[-1]) % len(ZONES)]
            at = FIRST_LABEL + datetime.timedelta(seconds=dice.bits("at", pair["id"], rater) % (12 * 24 * 3600))
            labels.append({
                "id": pair["id"], "verdict": verdict, "annotator": rater, "seconds": seconds,
                "at": at.isoformat() + zone})
    return labels


def make_malformed(prompts, dice):
    """Rows that cannot become a pair: (bytes, rule expected, reason, id or null where the row has none)."""
    picked = dice.order(prompts, "malformed", key=lambda prompt: prompt["id"])
    rows = []

    def sides(number):
        prompt = picked[number]
        before = history(prompt)
        return {
            "id": f"broken-{number + 1:02d}",
            "chosen": before + [answer(prompt["answers"][0])],
            "rejected": before + [answer(prompt["answers"][2])]}

    def add(row, rule, why, readable=True):
        data = row if isinstance(row, bytes) else line_of(row)
        rows.append((data, rule, why, f"broken-{len(rows) + 1:02d}" if readable else None))

    add({**sides(0), "chosen": None}, "null-answer", "chosen is null")
    row = sides(1)
    del row["rejected"]
    add(row, "no-such-field", "the field rejected is missing")
    row = sides(2)
    add({**row, "rejected": row["chosen"]}, "identical-answers", "chosen and rejected are the same")
    add(line_of(sides(3))[:-40], "not-json", "the line ends in the middle of a string", readable=False)
    add(b"{'id': 'broken-05', 'chosen': 'single quotes', 'rejected': 'are not JSON'}", "not-json",
        "single quotes instead of double quotes", readable=False)
    row = sides(5)
    row["rejected"][-1]["content"] = ""
    add(row, "empty-answer", "the rejected answer is empty")
    row = sides(6)
    row["chosen"][-1]["content"] = "  \n\t "
    add(row, "empty-answer", "the chosen answer is blank")
    row = sides(7)
    first = row["rejected"][0]  # shared with the other side, so it is replaced and not changed
    row["rejected"] = [{**first, "content": first["content"] + " Please answer in one line."}, *row["rejected"][1:]]
    add(row, "diverges-early", "the two sides have different questions")
    row = sides(8)
    row["chosen"][-1]["content"] += " (from a café)"
    add(line_of(row).replace("é".encode("utf-8"), b"\xe9"), "not-utf8", "a byte of Latin-1", readable=False)
    row = sides(9)
    add({**row, "chosen": row["chosen"][-1:], "rejected": row["rejected"][-1:]}, "no-user-turn", "there is no question")
    row = sides(10)
    add({**row, "chosen": row["chosen"][:-1]}, "no-answer", "chosen ends with the user's turn")
    add({**sides(11), "rejected": 42}, "not-messages", "rejected is a number")
    return rows


def build(seed):
    """File name -> bytes."""
    dice = Dice(seed)
    prompts = read_source()
    pairs = make_pairs(prompts, dice)
    by_hash = dice.order(pairs, "labelled", key=lambda pair: pair["id"])
    labelled, unlabelled = by_hash[:LABELLED_PAIRS], by_hash[LABELLED_PAIRS:]
    labels = make_labels(labelled, dice)

    def settled(pair):
        """Its raters agree, so that the label settles a contradiction whatever rule of majority holds."""
        right = "rejected" if pair["wrong"] else "chosen"
        return all(label["verdict"] == right for label in labels if label["id"] == pair["id"])

    mirrored = [pair for pair in labelled if settled(pair)][:CONTRADICTIONS_WITH_LABELS]
    mirrored += unlabelled[:CONTRADICTIONS - len(mirrored)]
    copied = [pair for pair in dice.order(pairs, "copy", key=lambda pair: pair["id"]) if pair not in mirrored][:DUPLICATES]

    # Originals in hashed order; a copy or a mirrored row stands somewhere behind its original.
    lines = [(dice.share("place", pair["id"]), pair["id"], line_of(row_of(pair))) for pair in pairs]
    place = {name: where for where, name, _ in lines}
    for pair in copied:
        name = pair["id"] + "-copy"
        where = place[pair["id"]]
        lines.append((where + (1 - where) * dice.share("place", name), name, line_of({**row_of(pair), "id": name})))
    for pair in mirrored:
        name, row = pair["id"] + "-mirrored", row_of(pair)
        where = place[pair["id"]]
        swapped = {"id": name, "chosen": row["rejected"], "rejected": row["chosen"]}
        lines.append((where + (1 - where) * dice.share("place", name), name, line_of(swapped)))
    malformed = {}
    for number, (data, rule, why, row_id) in enumerate(make_malformed(prompts, dice)):
        name = f"broken-{number + 1:02d}"
        malformed[name] = {"id": row_id, "rule": rule, "why": why}
        lines.append((dice.share("place", name), name, data))
    lines.sort(key=lambda line: line[:2])
    number_of = {name: number for number, (_, name, _) in enumerate(lines, start=1)}

    rated = {pair["id"] for pair in labelled}
    answers = {
        "seed": seed,
        "counts": {
            "rows": len(lines),
            "pairs": len(pairs),
            "wrong_labels": sum(pair["wrong"] for pair in pairs),
            "duplicates": len(copied),
            "contradictions": len(mirrored),
            "malformed": len(malformed),
            "labels": len(labels),
            "labelled_pairs": len(labelled),
            "prompts": len(prompts),
        },
        "wrong_labels": sorted(pair["id"] for pair in pairs if pair["wrong"]),
        "duplicates": {pair["id"] + "-copy": pair["id"] for pair in sorted(copied, key=lambda pair: pair["id"])},
        "contradictions": [
            {"id": pair["id"], "mirrored": pair["id"] + "-mirrored", "has_labels": pair["id"] in rated}
            for pair in sorted(mirrored, key=lambda pair: pair["id"])],
        "malformed": [{"line": number_of[name], **malformed[name]} for name in sorted(malformed, key=number_of.get)],
        "pairs": {
            pair["id"]: {
                "better": "rejected" if pair["wrong"] else "chosen",
                "ranks": [pair["better"] + 1, pair["worse"] + 1],
                "prompt": pair["prompt"]["id"],
                "category": pair["prompt"]["category"],
                "line": number_of[pair["id"]],
            }
            for pair in sorted(pairs, key=lambda pair: pair["id"])},
    }
    kway = []
    for prompt in prompts:
        ranks = dice.order(range(4), "kway", prompt["id"])
        kway.append({
            "id": prompt["id"],
            "category": prompt["category"],
            "messages": history(prompt),
            "candidates": [prompt["answers"][rank] for rank in ranks],
            "ranking": [rank + 1 for rank in ranks]})
    labels.sort(key=lambda label: dice.bits("label", label["id"], label["annotator"]))
    return {
        "pairs.jsonl": b"".join(data + b"\n" for _, _, data in lines),
        "kway.jsonl": b"".join(line_of(row) + b"\n" for row in kway),
        "labels.jsonl": b"".join(line_of(label) + b"\n" for label in labels),
        "answers.json": answers_json(answers),
        "README.md": readme(answers["counts"]).encode("utf-8"),
    }


def answers_json(answers):
    """One line an entry: short enough to read, and a diff shows what changed."""
    parts = []
    for key, value in answers.items():
        if isinstance(value, dict) and key != "counts":
            inner = ",\n".join(f"  {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items())
            parts.append(f" {json.dumps(key)}: {{\n{inner}\n }}")
        elif isinstance(value, list):
            inner = ",\n".join(f"  {json.dumps(v)}" for v in value)
            parts.append(f" {json.dumps(key)}: [\n{inner}\n ]")
        else:
            parts.append(f" {json.dumps(key)}: {json.dumps(value)}")
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode("utf-8")


def readme(n):
    raters = ", ".join(f"{name} {share:.0%}" for name, share in RATERS.items())
    return f"""# The sample

A small preference set with a known truth: {n['prompts']} prompts over twelve kinds of task, four answers each, written for
prefstream. `prefstream demo` runs it and counts how many of the known wrong labels were found.

| file | what |
|---|---|
| `pairs.jsonl` | {n['rows']} rows: {n['pairs']} pairs (six a prompt) as `id`, `chosen`, `rejected` (full message lists), of which {n['wrong_labels']} ({n['wrong_labels'] / n['pairs']:.0%}) carry the wrong label, more often where the two answers are close; {n['duplicates']} exact copies, {n['contradictions']} mirrored rows (the same answers, swapped), {n['malformed']} rows that cannot be a pair |
| `kway.jsonl` | the same {n['prompts']} prompts with four `candidates` in mixed order and their `ranking`, 1 is the best: {n['pairs']} pairs again, all labelled right |
| `labels.jsonl` | {n['labels']} labels of {n['labelled_pairs']} pairs, 2 to 4 raters each, for `--gold`; `chosen` says that the original label is right |
| `answers.json` | the truth: the better side of every pair, the ids of the wrong labels, the copies, the mirrored rows, and the line of each malformed row with the rule that should refuse it |

    prefstream curate pairs.jsonl --gold labels.jsonl --out curated-sample

## How it was made
The prompts and answers were written one by one for this sample, best answer first: right, complete and well ordered; right
but thin or long-winded; partly wrong, evasive or padded; wrong, off topic, rude or empty. Length alone is a poor guide: in
some 40 of the prompts a worse answer is longer than the best.

A script (`bench/sample/make_sample.py`, seed {SEED}) made the rest: which labels are wrong, the copies, the broken rows, and the
labels. The raters are simulated; of their verdicts that pick a side, these shares are right on average:
{raters}. Ties and `cannot_tell` come mostly where
the answers are neighbours in rank. Times and seconds are made up.

In a pair, `better` in `answers.json` names the better side as the row has it, and `ranks` the places of the better and the
worse answer. A contradiction with `has_labels` has raters who agree on its original, so the labels settle it.

The texts are a test set, not advice: the worse answers contain errors and rudeness on purpose.

## Licence
Apache-2.0, as prefstream itself. All texts were written for it; none comes from another data set.
"""


def verify(files):
    """Counts and relations that must hold, read back from the bytes."""
    prompts = read_source()
    assert len(prompts) == 100 and len({prompt["id"] for prompt in prompts}) == 100
    assert {prompt["category"] for prompt in prompts} == set(CATEGORIES)
    assert sum(isinstance(prompt["prompt"], list) for prompt in prompts) >= 8, "too few with several turns"
    for prompt in prompts:
        assert len(set(prompt["answers"])) == 4, prompt["id"]
        assert all(15 <= len(text.split()) <= 90 for text in prompt["answers"]), prompt["id"]
        assert isinstance(prompt["prompt"], str) or len(prompt["prompt"]) % 2 == 1, prompt["id"]
    longer = sum(len(max(prompt["answers"], key=len)) > len(prompt["answers"][0]) for prompt in prompts)
    assert longer >= 33, longer

    answers = json.loads(files["answers.json"])
    broken = {entry["line"] for entry in answers["malformed"]}
    rows = {}
    lines = files["pairs.jsonl"].split(b"\n")
    assert lines.pop() == b"" and len(lines) == answers["counts"]["rows"] == 640
    for number, line in enumerate(lines, start=1):
        if number not in broken:
            row = json.loads(line)
            assert row["chosen"][:-1] == row["rejected"][:-1] and row["chosen"] != row["rejected"], row["id"]
            assert row["chosen"][-2]["role"] == "user" and row["chosen"][-1]["role"] == "assistant", row["id"]
            assert row["id"] not in rows, row["id"]
            rows[row["id"]] = (number, row)
    for entry in answers["malformed"]:
        try:
            readable = isinstance(json.loads(lines[entry["line"] - 1].decode("utf-8")), dict)
        except ValueError:
            readable = False
        assert readable == (entry["rule"] not in ("not-json", "not-utf8")), entry
    assert len(broken) == 12 and len(rows) == 628 and len(answers["pairs"]) == 600

    best_first = {prompt["id"]: prompt["answers"] for prompt in prompts}
    for name, truth in answers["pairs"].items():
        number, row = rows[name]
        texts = best_first[truth["prompt"]]
        assert number == truth["line"]
        ranks = [texts.index(row[side][-1]["content"]) + 1 for side in ("chosen", "rejected")]
        assert truth["ranks"] == sorted(ranks)
        assert truth["better"] == ("chosen" if ranks[0] < ranks[1] else "rejected"), name
        assert (truth["better"] == "rejected") == (name in answers["wrong_labels"]), name
    assert len(answers["wrong_labels"]) == sum(WRONG_BY_GAP.values()) == 132

    assert len(answers["duplicates"]) == DUPLICATES
    for copy, first in answers["duplicates"].items():
        assert {**rows[copy][1], "id": first} == rows[first][1] and rows[copy][0] > rows[first][0], copy
    assert len(answers["contradictions"]) == CONTRADICTIONS
    assert sum(entry["has_labels"] for entry in answers["contradictions"]) == CONTRADICTIONS_WITH_LABELS
    for entry in answers["contradictions"]:
        original, mirror = rows[entry["id"]], rows[entry["mirrored"]]
        assert original[1]["chosen"] == mirror[1]["rejected"] and original[1]["rejected"] == mirror[1]["chosen"]
        assert original[0] < mirror[0]
        assert entry["id"] not in answers["duplicates"].values()
    distinct = {json.dumps([row["chosen"], row["rejected"]]) for _, row in rows.values()}
    assert len(distinct) == 600 + CONTRADICTIONS

    labels = [json.loads(line) for line in files["labels.jsonl"].splitlines()]
    raters = {}
    right = {rater: [0, 0] for rater in RATERS}
    for label in labels:
        truth = answers["pairs"][label["id"]]
        assert label["verdict"] in ("chosen", "rejected", "tie", "cannot_tell") and label["seconds"] > 0
        stamp = label["at"].replace("Z", "+00:00")
        assert datetime.datetime.fromisoformat(stamp).tzinfo is not None
        raters.setdefault(label["id"], []).append(label["annotator"])
        if label["verdict"] in ("chosen", "rejected"):
            right[label["annotator"]][0] += label["verdict"] == truth["better"]
            right[label["annotator"]][1] += 1
    assert len(raters) == LABELLED_PAIRS and all(2 <= len(set(names)) == len(names) <= 4 for names in raters.values())
    undecided = sum(label["verdict"] in ("tie", "cannot_tell") for label in labels)
    assert 5 <= undecided <= 0.15 * len(labels)
    wrong = sum(name in answers["wrong_labels"] for name in raters)

    kway = [json.loads(line) for line in files["kway.jsonl"].splitlines()]
    assert len(kway) == 100
    for row in kway:
        assert sorted(row["ranking"]) == [1, 2, 3, 4]
        assert [best_first[row["id"]][rank - 1] for rank in row["ranking"]] == row["candidates"]

    shares = ", ".join(f"{rater} {hits / seen:.2f} of {seen}" for rater, (hits, seen) in right.items())
    print(f"rows {len(lines)}, pairs 600, wrong labels 132, copies {DUPLICATES}, mirrored {CONTRADICTIONS}, malformed {len(broken)}")
    print(f"labels {len(labels)} of {len(raters)} pairs ({wrong} with a wrong label), {undecided} undecided; right: {shares}")
    print(f"prompts where a worse answer is longer than the best: {longer} of 100")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--check", action="store_true", help="verify, and compare with the files; write nothing")
    parser.add_argument("--out", type=pathlib.Path, default=TARGET, help="folder to write to or to compare with")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    files = build(options.seed)
    verify(files)
    if options.check:
        differ = [name for name, data in files.items()
                  if not (options.out / name).is_file() or (options.out / name).read_bytes() != data]
        if differ:
            sys.exit("differs from what the source gives: " + ", ".join(differ))
        print("the files are what the source gives")
        return
    options.out.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (options.out / name).write_bytes(data)


if __name__ == "__main__":
    main()
