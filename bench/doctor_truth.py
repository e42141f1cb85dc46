"""Compares what `prefstream doctor` says of a row's shape with what each trainer's own code does with it.

Makes one small file a shape, gives it to the real TRL RewardTrainer (one training step of a tiny model), and to OpenRLHF's
preprocess_data, LLaMA-Factory's converters, RewardBench's loader, Axolotl's Bradley-Terry strategy and NeMo-RL's preprocessor,
each run from its own source text. A cell is right when every text reaches the model once and in its place:

    pip install trl datasets torch transformers
    python bench/doctor_truth.py --openrlhf SRC --llamafactory SRC --rewardbench SRC --axolotl SRC --nemo-rl SRC [--doctor ./prefstream]

SRC is a checkout or a bare git folder. Prints the table; exits with 1 when the doctor and a trainer disagree.
"""

import argparse
import ast
import contextlib
import io
import json
import logging
import os
import pathlib
import subprocess
import sys
import tempfile
import types

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"

ASK, GOOD, BAD = "qqprompt", "ccgood", "rrbad"
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


def user(text=ASK):
    return {"role": "user", "content": text}


def said(text):
    return {"role": "assistant", "content": text}


def human(text=ASK):
    return {"from": "human", "value": text}


def gpt(text):
    return {"from": "gpt", "value": text}


def two(good, bad, **more):
    return {**more, "chosen": good, "rejected": bad}


SHAPES = {
    "explicit": two([said(GOOD)], [said(BAD)], prompt=[user()]),
    "explicit-full": two([user(), said(GOOD)], [user(), said(BAD)], prompt=[user()]),
    "implicit": two([user(), said(GOOD)], [user(), said(BAD)]),
    "answers-only": two([said(GOOD)], [said(BAD)]),
    "distilabel": two([user(), said(GOOD)], [user(), said(BAD)], prompt=ASK),
    "text-prompt-lists": two([said(GOOD)], [said(BAD)], prompt=ASK),
    "plain": two(GOOD, BAD, prompt=ASK),
    "plain-implicit": two(ASK + " " + GOOD, ASK + " " + BAD),
    "tagged": two(f"\n\nHuman: {ASK}\n\nAssistant: {GOOD}", f"\n\nHuman: {ASK}\n\nAssistant: {BAD}"),
    "list-prompt-texts": two(GOOD, BAD, prompt=[user()]),
    "alpaca": two(GOOD, BAD, instruction=ASK, input=""),
    "sharegpt": two(gpt(GOOD), gpt(BAD), conversations=[human()]),
    "messages": two(said(GOOD), said(BAD), messages=[user()]),
    "messages-lists": two([said(GOOD)], [said(BAD)], messages=[user()]),
    "axolotl": two(GOOD, BAD, system=None, input=ASK),
    "axolotl-no-system": two(GOOD, BAD, input=ASK),
    "nemo-rl": {
        "context": [user()],
        "completions": [
            {"rank": 0, "completion": [said(GOOD)]},
            {"rank": 1, "completion": [said(BAD)]},
        ],
    },
    "rewardbench-2": two([GOOD], [BAD, BAD, BAD], prompt=ASK, id="1", subset="Math", num_correct=1, total_completions=4),
}


def source(root, path):
    """Text of a file in a checkout or a bare git folder."""
    root = pathlib.Path(root)
    if (root / path).exists():
        return (root / path).read_text()
    return subprocess.run(
        ["git", f"--git-dir={root}", "show", f"HEAD:{path}"], check=True, capture_output=True, text=True
    ).stdout


def pick(text, names, scope):
    """Defines the named functions and classes of a source text, alone, in a scope."""
    tree = ast.parse(text)
    body = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.ClassDef)) and n.name in names]
    if {n.name for n in body} != set(names):
        raise SystemExit(f"the source has no {set(names) - {n.name for n in body}}: is it another version?")
    for node in body:
        for inner in ast.walk(node):
            if isinstance(inner, ast.FunctionDef):
                inner.returns = None
                for a in inner.args.args + inner.args.kwonlyargs:
                    a.annotation = None
    exec(compile(ast.fix_missing_locations(ast.Module(body, [])), "source", "exec"), scope)
    return scope


def tokenizer():
    from tokenizers import Tokenizer, models, pre_tokenizers, decoders
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["<|pad|>", "<|im_start|>", "<|im_end|>", "<|unk|>"] + alphabet
    made = Tokenizer(models.BPE(vocab={w: i for i, w in enumerate(words)}, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<|pad|>", eos_token="<|im_end|>", unk_token="<|unk|>",
        additional_special_tokens=["<|im_start|>"],
    )
    fast.chat_template = TEMPLATE
    return fast


def judge(good, bad, template=True):
    """right, or what is wrong with the two texts that the model gets."""
    for text, own, other in ((good, GOOD, BAD), (bad, BAD, GOOD)):
        if text.count(ASK) != 1:
            return f"silent: the prompt is there {text.count(ASK)} times"
        if text.count(own) != 1 or other in text:
            return "silent: the answer is not there as written"
        if template and ("user\n" + ASK not in text or "assistant\n" + own not in text):
            return "silent: garbled"
    return "right"


def loaded(row):
    import datasets

    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "rows.jsonl")
        file.write_text("".join(json.dumps(row) + "\n" for _ in range(2)))
        return datasets.Dataset.from_json(str(file), cache_dir=folder, keep_in_memory=True)


def trl(row, tok):
    from transformers import Qwen2Config, Qwen2ForSequenceClassification
    from trl import RewardConfig, RewardTrainer

    config = Qwen2Config(
        vocab_size=len(tok), hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
        num_key_value_heads=2, num_labels=1, pad_token_id=tok.pad_token_id,
    )
    with tempfile.TemporaryDirectory() as folder:
        trainer = RewardTrainer(
            model=Qwen2ForSequenceClassification(config),
            args=RewardConfig(
                output_dir=folder, max_steps=1, per_device_train_batch_size=2, report_to=[], use_cpu=True, bf16=False,
                gradient_checkpointing=False, save_strategy="no", disable_tqdm=True,
            ),
            train_dataset=loaded(row),
            processing_class=tok,
        )
        first = trainer.train_dataset[0]
        with contextlib.redirect_stdout(io.StringIO()):
            trainer.train()
    return judge(tok.decode(first["chosen_ids"]), tok.decode(first["rejected_ids"]), not isinstance(row["chosen"], str))


def openrlhf(row, tok, root):
    scope = pick(source(root, "openrlhf/datasets/utils.py"), ["exist_and_not_none"], {})
    pick(source(root, "openrlhf/datasets/reward_dataset.py"), ["preprocess_data"], scope)

    def run(key, template):
        try:
            row_ = loaded(row)[0]
            prompt, good, bad, _ = scope["preprocess_data"](
                row_, None, key, "chosen", "rejected", tok.apply_chat_template if template else None
            )
            return judge(prompt + good, prompt + bad, template)
        except Exception as e:  # noqa: BLE001 whatever the trainer raises is the answer
            return f"error: {type(e).__name__}"

    found = {
        (key, template): run(key, template)
        for key in ("prompt", "messages", "instruction", "input", None) if key is None or key in row
        for template in (True, False)
    }
    right = [how for how, what in found.items() if what == "right"]
    return "right" if right else next(iter(found.values()))


def llamafactory(row, tok, root):
    text = source(root, "src/llamafactory/data/converter.py")
    role = types.SimpleNamespace(**{
        n: types.SimpleNamespace(value=v)
        for n, v in dict(USER="user", ASSISTANT="assistant", SYSTEM="system", FUNCTION="function", OBSERVATION="observation").items()
    })
    import dataclasses
    import typing

    scope = {"Role": role, "dataclass": dataclasses.dataclass, "json": json, "abstractmethod": lambda f: f,
             "logger": types.SimpleNamespace(warning_rank0=lambda *_: None), "Any": typing.Any, "os": os,
             "DatasetAttr": object, "DataArguments": object}
    pick(text.replace('"DatasetAttr"', "object").replace('"DataArguments"', "object"),
         ["DatasetConverter", "AlpacaDatasetConverter", "SharegptDatasetConverter", "OpenAIDatasetConverter"], scope)

    def run(kind, **columns):
        base = dict.fromkeys(["system", "tools", "images", "videos", "audios", "kto_tag", "history", "query", "response"])
        attr = types.SimpleNamespace(**{**base, "ranking": True, "chosen": "chosen", "rejected": "rejected", "load_from": "file",
                                        **columns})
        made = scope[kind](attr, None)(loaded(row)[0])
        if len(made["_prompt"]) % 2 != 1 or len(made["_response"]) < 2:
            return f"silent: dropped, _prompt {made['_prompt']}"[:70]
        render = lambda answer: tok.apply_chat_template(made["_prompt"] + [answer], tokenize=False)
        return judge(render(made["_response"][0]), render(made["_response"][1]))

    openai = dict(role_tag="role", content_tag="content", user_tag="user", assistant_tag="assistant", system_tag="system",
                  observation_tag="tool", function_tag="function_call")
    first = next((c for c in ("messages", "conversations", "prompt") if c in row), "messages")
    tries = [
        ("AlpacaDatasetConverter", dict(prompt=next((c for c in ("instruction", "prompt", "input") if c in row), "prompt"),
                                        query="input" if "instruction" in row else None)),
        ("SharegptDatasetConverter", dict(messages=first, **openai)),
        ("OpenAIDatasetConverter", dict(messages=first, **openai)),
        ("SharegptDatasetConverter", dict(messages=first, role_tag="from", content_tag="value", user_tag="human", assistant_tag="gpt",
                                          system_tag="system", observation_tag="observation", function_tag="function_call")),
    ]
    found = []
    for kind, columns in tries:
        try:
            found.append(run(kind, **columns))
        except Exception as e:  # noqa: BLE001
            found.append(f"error: {type(e).__name__}")
    return "right" if "right" in found else next((f for f in found[1:3] if f.startswith("silent")), found[1])


def rewardbench(row, tok, root):
    import datasets
    import typing

    text = source(root, "rewardbench/utils.py")
    if isinstance(row["chosen"], list) and isinstance(row["chosen"][0], str):
        names = ["check_tokenizer_chat_template", "prepare_dialogue_from_tokenizer", "load_bon_dataset_v2"]
    else:
        names = ["check_tokenizer_chat_template", "prepare_dialogue_from_tokenizer", "load_and_process_dataset"]
    import pandas as pd

    scope = {**{n: getattr(typing, n) for n in ("Any", "Dict", "List", "Optional", "Union")}, "pd": pd, "datasets": datasets,
             "logging": logging, "load_dataset": datasets.load_dataset, "DatasetDict": datasets.DatasetDict, "Dataset": datasets.Dataset,
             "concatenate_datasets": datasets.concatenate_datasets, "Sequence": (datasets.Sequence, datasets.List), "CORE_EVAL_SET_V2": ""}
    pick(text, names, scope)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "rows.jsonl")
        file.write_text("".join(json.dumps(row) + "\n" for _ in range(8)))
        if "load_bon_dataset_v2" in names:
            out = scope["load_bon_dataset_v2"](str(file), tokenizer=tok, logger=logging.getLogger("quiet"))
            texts = out[0]["text"]
            return judge(texts[0], texts[1])
        out = scope["load_and_process_dataset"](str(file), json=True, tokenizer=tok)[0]
    return judge(out["text_chosen"], out["text_rejected"])


def axolotl(row, tok, root):
    class Recorder:
        prompter = types.SimpleNamespace(max_length=4096)

        def _tokenize_single_prompt(self, prompt):
            ids = tok(tok.apply_chat_template(prompt["messages"], tokenize=False))["input_ids"]
            return {"input_ids": ids, "attention_mask": [1] * len(ids)}

    scope = {"ChatTemplateStrategy": Recorder, "LOG": logging.getLogger("quiet")}
    pick(source(root, "src/axolotl/prompt_strategies/bradley_terry/chat_template.py"), ["BTChatTemplateStrategy"], scope)
    made = scope["BTChatTemplateStrategy"]()._tokenize_single_prompt(dict(loaded(row)[0]))
    return judge(tok.decode(made["chosen_ids"]), tok.decode(made["rejected_ids"]))


def nemo_rl(row, tok, root):
    import typing

    scope = {"logging": logging, "Any": typing.Any}

    def formatted(messages, tokenizer_, spec):
        text = tok.apply_chat_template(messages, tokenize=False)
        return [{"role": "all", "content": text, "token_ids": tok(text)["input_ids"]}]

    scope["get_formatted_message_log"] = formatted
    pick(source(root, "nemo_rl/data/processors.py"), ["preference_preprocessor"], scope)
    given = dict(loaded(row)[0])
    if "completions" not in given:  # then the user takes BinaryPreferenceDataset
        path = "nemo_rl/data/datasets/preference_datasets/binary_preference_dataset.py"
        binary = pick(source(root, path), ["BinaryPreferenceDataset"], {"RawDataset": object, "Any": typing.Any})
        given = binary["BinaryPreferenceDataset"].format_data(
            types.SimpleNamespace(prompt_key=next((c for c in ("prompt", "instruction", "input") if c in row), "prompt"), chosen_key="chosen", rejected_key="rejected", task_name="t"), given
        )
    made = scope["preference_preprocessor"](given, None, tok, 4096, 0)
    return judge(made["message_log_chosen"][0]["content"], made["message_log_rejected"][0]["content"])


def doctor(command, row):
    """Kinds of errors that the doctor finds, by target."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "rows.jsonl")
        file.write_text(json.dumps(row) + "\n")
        out = subprocess.run([command, "doctor", str(file), "--for", "all", "--json"], capture_output=True, text=True)
        if out.returncode > 1:
            raise SystemExit(out.stderr)
        return {v["target"]: v["errors"] for v in json.loads(out.stdout)["verdicts"]}


def main():
    parser = argparse.ArgumentParser()
    for name in ("openrlhf", "llamafactory", "rewardbench", "axolotl", "nemo-rl"):
        parser.add_argument("--" + name)
    parser.add_argument("--no-trl", action="store_true")
    parser.add_argument("--doctor", help="the prefstream command")
    parser.add_argument("--out", help="writes the table as JSON")
    given = parser.parse_args()
    import datasets
    import transformers

    datasets.disable_progress_bars()
    transformers.utils.logging.set_verbosity_error()
    tok = tokenizer()
    trainers = {}
    if not given.no_trl:
        trainers["trl"] = lambda row: trl(row, tok)
    for name, run in (("openrlhf", openrlhf), ("llamafactory", llamafactory), ("rewardbench", rewardbench), ("axolotl", axolotl),
                      ("nemo-rl", nemo_rl)):
        root = getattr(given, name.replace("-", "_"))
        if root:
            trainers[name] = lambda row, run=run, root=root: run(row, tok, root)
    table, wrong = {}, 0
    for shape, row in SHAPES.items():
        says = doctor(given.doctor, row) if given.doctor else {}
        for name, run in trainers.items():
            try:
                found = run(row)
            except Exception as e:  # noqa: BLE001
                found = f"error: {type(e).__name__}"
            agrees = name not in says or (found == "right") == (says[name] == 0)
            wrong += not agrees
            table.setdefault(shape, {})[name] = found
            print(f"{shape:18} {name:13} {found:60} {'' if agrees else 'THE DOCTOR SAYS OTHERWISE'}", flush=True)
    if given.out:
        pathlib.Path(given.out).write_text(json.dumps(table, indent=1))
    print(f"{sum(map(len, table.values()))} cells" + (f", {wrong} in which the doctor says otherwise" if given.doctor else ""))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
