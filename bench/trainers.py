#!/usr/bin/env python3
"""Holds exports against the trainers' own code: what `prefstream export --for X` writes is what X reads.

    trainers.py EXPORTS [SOURCES]

EXPORTS holds a folder for each export, named after --for (trl, trl-kto, openrlhf, llamafactory, axolotl, nemo-rl, verl, rewardbench,
rewardbench-k-way, rlhflow, canonical); those that are missing are skipped. TRL trains a step on a tiny model with random weights, so
that nothing is downloaded; datasets loads every folder. SOURCES holds checkouts named openrlhf, llamafactory, rewardbench, axolotl and
nemo-rl: their loaders run from there, with stand-ins for what they import and do not need here; without them the rows are
held against the shapes that those loaders document. Needs: pip install trl datasets
"""
import ast
import json
import os
import pathlib
import sys
import tempfile
import types

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HOME"] = scratch = tempfile.mkdtemp()

import datasets
import tokenizers
import torch
import transformers
import trl

datasets.disable_progress_bars()
CHAT = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def words(texts):
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    made.train_from_iterator(texts, tokenizers.trainers.BpeTrainer(
        vocab_size=2000, special_tokens=SPECIAL, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    return transformers.PreTrainedTokenizerFast(tokenizer_object=made, pad_token="<|pad|>", eos_token="<|end|>", chat_template=CHAT)


def functions(path, names, given):
    """Functions and classes of a source file, with nothing else of it run."""
    tree = ast.parse(pathlib.Path(path).read_text(encoding="utf-8"))
    tree.body = [node for node in tree.body if getattr(node, "name", None) in names]
    assert len(tree.body) == len(names), (path, names)
    space = dict(given)
    exec(compile(tree, str(path), "exec"), space)
    return [space[name] for name in names]


def load(folder):
    """Every folder loads by its card, and gives the rows that its manifest counts."""
    splits = datasets.load_dataset(str(folder))
    counted = json.loads((folder / "manifest.json").read_text())["rows"]
    assert {name: rows.num_rows for name, rows in splits.items()} == counted, (folder, splits, counted)
    return splits


def tiny(tokenizer, kind):
    config = transformers.Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=2,
        num_key_value_heads=2, max_position_embeddings=4096, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id,
        num_labels=1)
    torch.manual_seed(0)
    return kind(config)


def trl_reward(folder, tokenizer, sources):
    splits = load(folder)
    out = tempfile.mkdtemp()
    trainer = trl.RewardTrainer(
        model=tiny(tokenizer, transformers.Qwen2ForSequenceClassification), processing_class=tokenizer,
        args=trl.RewardConfig(output_dir=out, max_steps=1, per_device_train_batch_size=4, report_to=[], max_length=4096, use_cpu=True, bf16=False),
        train_dataset=splits["train"], eval_dataset=splits.get("validation"))
    assert trainer.train_dataset.num_rows == splits["train"].num_rows, "TRL dropped rows"
    loss = trainer.train().training_loss
    row = trainer.train_dataset[0]
    assert row["chosen_ids"] != row["rejected_ids"] and "margin" not in row
    return f"RewardTrainer {trl.__version__}: one step, loss {loss:.3f}, {splits['train'].num_rows} rows"


def trl_kto(folder, tokenizer, sources):
    splits = load(folder)
    from trl.experimental.kto import KTOConfig, KTOTrainer
    trainer = KTOTrainer(
        model=tiny(tokenizer, transformers.Qwen2ForCausalLM), ref_model=tiny(tokenizer, transformers.Qwen2ForCausalLM), processing_class=tokenizer,
        args=KTOConfig(output_dir=tempfile.mkdtemp(), max_steps=1, per_device_train_batch_size=4, report_to=[], use_cpu=True, bf16=False,
                       max_length=1024),
        train_dataset=splits["train"].select(range(16)))
    return f"KTOTrainer: one step, loss {trainer.train().training_loss:.3f}"


def openrlhf(folder, tokenizer, sources):
    splits = load(folder)
    rows = lines(folder / "train.jsonl")
    if not sources:
        assert all(isinstance(row[k], list) for row in rows for k in ("prompt", "chosen", "rejected"))
        return "shape only"
    space = {"exist_and_not_none": lambda d, key: key in d and d[key] is not None}
    (preprocess,) = functions(sources / "openrlhf/openrlhf/datasets/reward_dataset.py", ["preprocess_data"], space)
    for row in splits["train"]:
        prompt, chosen, rejected, margin = preprocess(row, prompt_key="prompt", apply_chat_template=tokenizer.apply_chat_template)
        assert row["prompt"][-1]["content"] in prompt and chosen != rejected
        assert row["chosen"][0]["content"] in chosen and row["rejected"][0]["content"] in rejected and margin == row["margin"]
    return f"preprocess_data: {len(rows)} rows, prompt and both sides whole"


def llamafactory(folder, tokenizer, sources):
    load(folder)
    info = json.loads((folder / "dataset_info.json").read_text())["prefstream_train"]
    rows = lines(folder / info["file_name"])
    if not sources:
        assert all(isinstance(row["chosen"], dict) for row in rows)
        return "shape only"
    class Role:
        pass
    for name in ("user", "assistant", "system", "function", "observation"):
        setattr(Role, name.upper(), types.SimpleNamespace(value=name))
    warned = []
    space = {"Role": Role, "dataclass": __import__("dataclasses").dataclass, "Any": object, "Union": __import__("typing").Union, "os": os,
             "abstractmethod": lambda f: f, "logger": types.SimpleNamespace(warning_rank0=warned.append)}
    base, converter = functions(sources / "llamafactory/src/llamafactory/data/converter.py", ["DatasetConverter", "SharegptDatasetConverter"], space)
    tags, columns = info["tags"], info["columns"]
    attributes = types.SimpleNamespace(
        ranking=info.get("ranking", False), messages=columns["messages"], chosen=columns.get("chosen"), rejected=columns.get("rejected"),
        kto_tag=columns.get("kto_tag"), system=None, tools=None, images=None, videos=None, audios=None, observation_tag="observation",
        function_tag="function_call", load_from="file", **tags)
    convert = converter(attributes, None)
    for row in rows:
        found = convert(row)
        assert found["_prompt"] and len(found["_response"]) == 2, row
        if info.get("ranking"):
            assert [m["content"] for m in found["_response"]] == [row["chosen"]["content"], row["rejected"]["content"]]
    assert not warned, warned[:3]
    return f"SharegptDatasetConverter: {len(rows)} rows, none skipped"


def axolotl(folder, tokenizer, sources):
    load(folder)
    rows = lines(folder / "train.jsonl")
    if not sources:
        assert all({"system", "input", "chosen", "rejected"} <= row.keys() for row in rows)
        return "shape only"
    class Strategy:
        prompter = types.SimpleNamespace(max_length=4096)
        def _tokenize_single_prompt(self, prompt):
            ids = tokenizer.apply_chat_template(prompt["messages"], return_dict=True)["input_ids"]
            return {"input_ids": ids, "attention_mask": [1] * len(ids)}
    space = {"ChatTemplateStrategy": Strategy, "LOG": types.SimpleNamespace(warning=print)}
    (strategy,) = functions(sources / "axolotl/src/axolotl/prompt_strategies/bradley_terry/chat_template.py", ["BTChatTemplateStrategy"], space)
    for row in rows:
        found = strategy()._tokenize_single_prompt(dict(row))
        assert found["chosen_ids"] != found["rejected_ids"]
    return f"BTChatTemplateStrategy: {len(rows)} rows (its tokenizing by the chat template itself)"


def nemo_rl(folder, tokenizer, sources):
    splits = load(folder)
    if not sources:
        assert all([c["rank"] for c in row["completions"]] == [0, 1] for row in splits["train"])
        return "shape only"
    class Raw:
        pass
    (load_path,) = functions(sources / "nemo-rl/nemo_rl/data/datasets/utils.py", ["load_dataset_from_path"],
                             {"os": os, "load_dataset": datasets.load_dataset, "load_from_disk": datasets.load_from_disk, "DatasetDict": datasets.DatasetDict, "Dataset": datasets.Dataset, "Optional": __import__("typing").Optional})
    (dataset,) = functions(sources / "nemo-rl/nemo_rl/data/datasets/preference_datasets/preference_dataset.py", ["PreferenceDataset"],
                           {"RawDataset": Raw, "load_dataset_from_path": load_path, "Optional": __import__("typing").Optional})
    rows = dataset(str(folder / "train.jsonl")).dataset
    for row in rows:
        assert [c["rank"] for c in row["completions"]] == [0, 1] and row["context"][-1]["role"] == "user" and row["task_name"]
    return f"PreferenceDataset: {len(rows)} rows"


def rewardbench(folder, tokenizer, sources):
    load(folder)
    if not sources:
        return "shape only"
    sequence = type(datasets.Features({"x": datasets.Sequence({"a": datasets.Value("string")})})["x"])
    kinds = (type(datasets.load_dataset("json", data_files=str(folder / "train.jsonl"), split="train").features["chosen"]), sequence, list)
    given = {"load_dataset": datasets.load_dataset, "DatasetDict": datasets.DatasetDict, "Dataset": datasets.Dataset,
             "concatenate_datasets": datasets.concatenate_datasets, "Sequence": kinds, "PreTrainedTokenizer": object, "logging": __import__("logging"),
             "Dict": dict, "Any": object, "List": list, "Union": __import__("typing").Union}
    names = ["load_and_process_dataset", "check_tokenizer_chat_template", "prepare_dialogue_from_tokenizer"]
    run, _, _ = functions(sources / "rewardbench/rewardbench/utils.py", names, given)
    rows = lines(folder / "train.jsonl")
    found = run(str(folder / "train.jsonl"), json=True, tokenizer=tokenizer)
    for row, got in zip(rows, found):
        assert got["text_chosen"] != got["text_rejected"]
        assert row["chosen"][0]["content"] in got["text_chosen"] and row["chosen"][-1]["content"] in got["text_chosen"]
    return f"load_and_process_dataset: {len(found)} rows, prompts whole"


def rewardbench_k_way(folder, tokenizer, sources):
    splits = load(folder)
    n = 0
    for rows in splits.values():
        for row in rows:
            assert len(row["chosen"]) == row["num_correct"] == 1 and len(row["rejected"]) + 1 == row["total_completions"] >= 4
            n += 1
    return f"{n} rows of one best and three or more others (shape that run_v2.py reads)"


def verl(folder, tokenizer, sources):
    load(folder)
    prompts = datasets.load_dataset("parquet", data_files=str(folder / "prompts-train.parquet"), split="train")
    row = prompts[0]
    assert row["prompt"][-1]["role"] == "user" and row["reward_model"]["style"] == "model" and row["extra_info"]["split"] == "train"
    tokenizer.apply_chat_template(row["prompt"], add_generation_prompt=True)
    return f"{len(prompts)} prompts (fields that its RLHFDataset reads); pairs as strings"


def rlhflow(folder, tokenizer, sources):
    splits = load(folder)
    for row in splits["train"]:
        assert row["chosen"][:-1] == row["rejected"][:-1] and row["chosen"][-1] != row["rejected"][-1]
        assert tokenizer.apply_chat_template(row["chosen"], tokenize=False) != tokenizer.apply_chat_template(row["rejected"], tokenize=False)
    return f"{splits['train'].num_rows} whole conversations, templated as its script does"


def canonical(folder, tokenizer, sources):
    splits = load(folder)
    return f"columns {', '.join(splits['train'].column_names)}"


def main():
    exports = pathlib.Path(sys.argv[1])
    sources = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else None
    checks = {"trl": trl_reward, "trl-kto": trl_kto, "openrlhf": openrlhf, "openrlhf-kto": lambda *a: f"{load(a[0])['train'].num_rows} rows",
              "llamafactory": llamafactory, "llamafactory-kto": llamafactory, "axolotl": axolotl, "nemo-rl": nemo_rl, "verl": verl,
              "rewardbench": rewardbench, "rewardbench-k-way": rewardbench_k_way, "rlhflow": rlhflow, "canonical": canonical}
    any_folder = next(folder for folder in (exports / "trl", exports / "openrlhf") if folder.exists())
    tokenizer = words(m["content"] for row in lines(any_folder / "train.jsonl") for key in ("prompt", "chosen", "rejected") for m in row[key])
    failed = 0
    for name, check in checks.items():
        folder = exports / name
        if not folder.exists():
            print(f"{name}: skipped, no such folder")
            continue
        try:
            print(f"{name}: {check(folder, tokenizer, sources)}")
        except Exception as error:  # each is told, and the rest goes on
            failed += 1
            print(f"{name}: FAILED {type(error).__name__}: {str(error)[:400]}")
    print(f"{len(checks) - failed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
