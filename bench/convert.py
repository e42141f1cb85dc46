#!/usr/bin/env python3
"""Turns the public sets under $PREFSTREAM_DATA into pairs and human labels that prefstream takes.

    convert.py SET OUT_DIR [--labels natural|swapped|longer|family|clean] [--gold 0.06] [--unseen 0] [--seed 0] [--one-per-prompt]

writes OUT_DIR/pairs.jsonl, OUT_DIR/gold.jsonl (a share of the pairs, as people's labels), OUT_DIR/truth.json (pair row id
to whether its label is right, with topics), OUT_DIR/unseen.jsonl (the pairs of the topics held back, rightly labelled) and
OUT_DIR/pool.json (the arguments). A topic is a debate in ukp_convarg and a prompt elsewhere. Standard library only; the same
arguments give the same bytes.
"""
import argparse
import csv
import gzip
import hashlib
import json
import os
import pathlib
import sys


def unit(*parts):
    return int(hashlib.sha256("/".join(map(str, parts)).encode()).hexdigest()[:15], 16) / 16**15


def lines(path):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            yield json.loads(line)


def load(path):
    with gzip.open(path, "rt", encoding="utf-8") as f:
        return json.load(f)


def user(text):
    return [{"role": "user", "content": text}]


# Each reader yields (id, topic, history, better, worse, natural): natural is True when one plain vote calls `better` better.


def ukp(data, seed):
    gold = {}
    for f in sorted((data / "ukp_convarg" / "gold_strict_mace").glob("*.tsv*")):
        opener = gzip.open if f.suffix == ".gz" else open
        with opener(f, "rt", encoding="utf-8") as h:
            for row in h:
                cells = row.rstrip("\n").split("\t")
                if len(cells) >= 2:
                    gold[cells[0]] = cells[1]
    for f in sorted((data / "ukp_convarg").glob("*.jsonl.gz")):
        for r in lines(f):
            label = gold.get(r["pair_id"])
            if label not in ("a1", "a2") or r["a1"] == r["a2"]:
                continue
            other = "a2" if label == "a1" else "a1"
            votes = [v for v in r["votes"] if v[1] in ("a1", "a2")]
            vote = votes[int(unit(seed, "vote", r["pair_id"]) * len(votes))][1] if votes else label
            prompt = "Give one convincing argument on: " + r["topic"].replace("-", " ") + ". Your side: " + r["stance"].replace("-", " ")
            yield r["pair_id"], r["topic"], user(prompt), r[label], r[other], vote == label


def hh(data, seed):
    for i, r in enumerate(lines(data / "hh_harmless" / "harmless-base-test.jsonl.gz")):
        turns = []
        for side in ("chosen", "rejected"):
            at = r[side].rfind("\n\nAssistant:")
            turns.append((r[side][:at], r[side][at + 12 :].strip()))
        if turns[0][0] != turns[1][0] or not turns[0][1] or not turns[1][1] or turns[0][1] == turns[1][1]:
            continue
        history = []
        for part in turns[0][0].split("\n\n"):
            if part.startswith("Human:"):
                history.append({"role": "user", "content": part[6:].strip()})
            elif part.startswith("Assistant:"):
                history.append({"role": "assistant", "content": part[10:].strip()})
            elif history and part:
                history[-1]["content"] += "\n\n" + part
        if history and history[-1]["role"] == "user":
            yield f"hh-{i}", str(i), history, turns[0][1], turns[1][1], True


def nq(data, seed):
    for i, r in enumerate(load(data / "evouna_nq" / "NQ.json.gz")):
        if r.get("improper"):
            continue
        systems = [k[7:] for k in r if k.startswith("answer_")]
        right = [s for s in systems if r.get("judge_" + s) is True and r["answer_" + s]]
        wrong = [s for s in systems if r.get("judge_" + s) is False and r["answer_" + s]]
        for a in right:
            for b in wrong:
                if r["answer_" + a] != r["answer_" + b]:
                    yield f"nq-{i}-{a}-{b}", str(i), user(r["question"]), r["answer_" + a], r["answer_" + b], True


def gsm(data, seed):
    for i, r in enumerate(lines(data / "gsm8k_model_solutions" / "example_model_solutions.jsonl.gz")):
        sides = [(k, v) for k, v in r.items() if isinstance(v, dict) and "is_correct" in v and v.get("solution")]
        for a, x in sides:
            for b, y in sides:
                if x["is_correct"] and not y["is_correct"] and x["solution"] != y["solution"]:
                    yield f"gsm-{i}-{a}-{b}", str(i), user(r["question"]), x["solution"], y["solution"], True


def pandalm(data, seed):
    for i, r in enumerate(load(data / "pandalm" / "testset-v1.json.gz")):
        votes = [r["annotator1"], r["annotator2"], r["annotator3"]]
        one, two = votes.count(1), votes.count(2)
        if one == two or not isinstance(r["response1"], str) or not isinstance(r["response2"], str):
            continue
        better, worse = ("response1", "response2") if one > two else ("response2", "response1")
        if not r[better].strip() or not r[worse].strip() or r[better] == r[worse]:
            continue
        prompt = r["instruction"] + ("\n\n" + r["input"] if r["input"] else "")
        vote = votes[int(unit(seed, "vote", i) * 3)]
        yield f"panda-{i}", prompt, user(prompt), r[better], r[worse], vote != (2 if one > two else 1)


def llmfao(data, seed):
    votes = {}
    with open(data / "llmfao" / "models.jsonl", encoding="utf-8") as f:
        names = {m["id"]: m["name"] for m in map(json.loads, f)}
    with gzip.open(data / "llmfao" / "crowd-comparisons.csv.gz", "rt", encoding="utf-8") as f:
        for v in csv.DictReader(f):
            side = v["winner"]
            winner = v[side] if side in ("left", "right") else "tie"
            votes.setdefault(v["id"], []).append(winner)
    for r in lines(data / "llmfao" / "pairs-crowd.jsonl.gz"):
        said = votes.get(str(r["id"]), [])
        x, y = said.count(names[r["model_x"]]), said.count(names[r["model_y"]])
        if x == y or not r["result_x"].strip() or not r["result_y"].strip() or r["result_x"] == r["result_y"]:
            continue
        better, worse = ("result_x", "result_y") if x > y else ("result_y", "result_x")
        yield f"llmfao-{r['id']}", str(r["prompt"]), user(r["text"]), r[better], r[worse], True


def oasst(data, seed):
    messages = {r["message_id"]: r for r in lines(data / "oasst1_en_val" / "en-validation.jsonl.gz")}
    siblings = {}
    for r in messages.values():
        if r["role"] == "assistant" and r.get("rank") is not None and r["parent_id"] in messages:
            siblings.setdefault(r["parent_id"], []).append(r)
    for parent, answers in sorted(siblings.items()):
        history, at = [], parent
        while at in messages:
            m = messages[at]
            history.insert(0, {"role": "user" if m["role"] == "prompter" else "assistant", "content": m["text"]})
            at = m["parent_id"]
        for a in answers:
            for b in answers:
                if a["rank"] < b["rank"] and a["text"] != b["text"]:
                    yield f"{a['message_id']}-{b['message_id']}", parent, history, a["text"], b["text"], True


def smoke(data, seed):
    for name in ("dpo_en_demo", "dpo_zh_demo"):
        for i, r in enumerate(load(data / "smoke_llamafactory" / f"{name}.json.gz")):
            history = [{"role": {"human": "user", "gpt": "assistant", "system": "system"}[m["from"]], "content": m["value"]} for m in r["conversations"]]
            if r["chosen"]["value"].strip() and r["rejected"]["value"].strip() and r["chosen"]["value"] != r["rejected"]["value"]:
                yield f"{name}-{i}", f"{name}-{i}", history, r["chosen"]["value"], r["rejected"]["value"], True


def alpaca(data, seed):
    folder = data / "alpaca_eval"
    prompts = {p["prompt_id"]: p["instruction"] for p in lines(folder / "prompts.jsonl.gz")}
    texts = {}
    for f in sorted(folder.glob("completions-*.jsonl.gz")):
        for c in lines(f):
            texts[c["completion_id"]] = c["output"]
    seen = set()
    for i, j in enumerate(lines(folder / "judgments.jsonl.gz")):
        p = j["preference"]
        key = (j["completion_1"], j["completion_2"])
        if p is None or p in (0, 1.5) or key in seen:
            continue
        a, b = texts.get(key[0], ""), texts.get(key[1], "")
        if not a.strip() or not b.strip() or a == b:
            continue
        seen.add(key)
        better, worse = (a, b) if p < 1.5 else (b, a)
        yield f"alpaca-{i}", j["prompt_id"], user(prompts[j["prompt_id"]]), better, worse, True


SETS = {"ukp_convarg": ukp, "hh_harmless": hh, "evouna_nq": nq, "gsm8k_model_solutions": gsm, "pandalm": pandalm, "llmfao": llmfao, "oasst1_en_val": oasst, "smoke_llamafactory": smoke, "alpaca_eval": alpaca}


def word_length(answer):
    words = answer.split()
    return sum(map(len, words)) / len(words) if words else 0


def prefers_better(seed, row, better, worse):
    """Whether a judge that likes one family of answers calls the better one better: by the system that gave it where the row
    names it, else by a style, the length of its words."""
    if row.startswith("nq-"):  # nq-QUESTION-SYSTEM-SYSTEM
        _, _, a, b = row.split("-", 3)
        return unit(seed, "family", a) > unit(seed, "family", b)
    return word_length(better) > word_length(worse)


def pair(row, history, chosen, rejected):
    return {"id": row} | {
        side: history + [{"role": "assistant", "content": answer}] for side, answer in (("chosen", chosen), ("rejected", rejected))
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("set", choices=SETS)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--labels", choices=["natural", "swapped", "longer", "family", "clean"], default="natural")
    parser.add_argument("--gold", type=float, default=0.06, help="share of the pairs that people label")
    parser.add_argument("--unseen", type=float, default=0, help="share of the topics that is held back")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--one-per-prompt", action="store_true")
    args = parser.parse_args()
    folder = os.environ.get("PREFSTREAM_DATA")
    if not folder:
        sys.exit("convert.py: PREFSTREAM_DATA is not set, so there is no data to convert")
    args.out.mkdir(parents=True, exist_ok=True)
    rows = list(SETS[args.set](pathlib.Path(folder), args.seed))
    topics = sorted({topic for _, topic, *_ in rows}, key=lambda topic: unit(args.seed, "unseen", topic))
    held = set(topics[: round(args.unseen * len(topics))])
    truth, pairs, gold, unseen, begun = {}, [], [], [], set()
    for row, topic, history, better, worse, natural in rows:
        if args.one_per_prompt and topic in begun:
            continue
        begun.add(topic)
        if topic in held:
            unseen.append(pair(row, history, better, worse))
            continue
        right = natural
        if args.labels == "clean":
            right = True
        elif args.labels == "swapped":
            right = unit(args.seed, "swap", row) >= 0.3
        elif args.labels == "longer":
            right = len(better) > len(worse) if unit(args.seed, "longer", row) < 0.4 else True
        elif args.labels == "family":
            right = prefers_better(args.seed, row, better, worse) if unit(args.seed, "judge", row) < 0.3 else True
        pairs.append(pair(row, history, *((better, worse) if right else (worse, better))))
        labelled = unit(args.seed, "gold", row) < args.gold
        if labelled:
            gold.append({"id": row, "verdict": "chosen" if right else "rejected"})
        truth[row] = {"right": right, "topic": topic, "gold": labelled}
    for name, objects in (("pairs", pairs), ("gold", gold), ("unseen", unseen)):
        with open(args.out / f"{name}.jsonl", "w", encoding="utf-8") as f:
            f.writelines(json.dumps(o, ensure_ascii=False) + "\n" for o in objects)
    for name, whole in (("truth", truth), ("pool", {k: v for k, v in vars(args).items() if k != "out"})):
        with open(args.out / f"{name}.json", "w", encoding="utf-8") as f:
            json.dump(whole, f)
    wrong = sum(not t["right"] for t in truth.values())
    print(f"{args.set}: {len(truth)} pairs, {wrong} with a wrong label, {len(gold)} labelled by people; {len(unseen)} held back")


if __name__ == "__main__":
    main()
