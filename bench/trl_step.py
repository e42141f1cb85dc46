#!/usr/bin/env python3
"""Loads an export and trains one step of a reward model on it: an export is what trainers take.

    trl_step.py RUN_OUT_DIR [SCORES]

Loads the export with datasets.load_dataset three ways, by its dataset card, as Parquet and as JSON lines, which must hold the
same rows; trains one step of TRL's RewardTrainer on a tiny model with random weights, so that nothing is downloaded; and loads
SCORES, the output of "prefstream score", when it is given. Needs: pip install trl datasets zstandard
"""
import os
import pathlib
import sys
import tempfile

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_HOME"] = scratch = tempfile.mkdtemp()

import datasets
import tokenizers
import torch
import transformers
import trl

datasets.disable_progress_bars()

CHAT = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}<|end|>{% endfor %}"
SPECIAL = ["<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]


def load(out):
    """Splits of the card's default configuration, each file held against the JSON lines beside it."""
    for parquet in sorted(out.glob("*/*.parquet")):
        columns = datasets.load_dataset("parquet", data_files=str(parquet), split="train")
        lines = datasets.load_dataset("json", data_files=str(parquet.with_suffix(".jsonl.zst")), split="train")
        assert columns.num_rows == lines.num_rows > 0, parquet
        assert sorted(columns.column_names) == sorted(lines.column_names), (columns.column_names, lines.column_names)
        for left, right in zip(columns, lines):
            assert left["chosen"] == right["chosen"] and left["rejected"] == right["rejected"], parquet
            assert left["chosen"] != left["rejected"], parquet
        print(f"{parquet.parent.name}/{parquet.name}: {columns.num_rows} rows; columns {', '.join(columns.column_names)}")
    splits = datasets.load_dataset(str(out))
    files = {split: datasets.load_dataset("parquet", data_files=str(out / "curated" / f"{split}-*.parquet"), split="train").num_rows
             for split in splits}
    assert {split: rows.num_rows for split, rows in splits.items()} == files, (splits, files)
    assert "prompt" not in splits["train"].column_names
    return splits


def words(rows):
    """A byte-level tokenizer of the rows' own texts."""
    made = tokenizers.Tokenizer(tokenizers.models.BPE())
    made.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=2000, special_tokens=SPECIAL, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    made.train_from_iterator((m["content"] for row in rows for side in ("chosen", "rejected") for m in row[side]), trainer)
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=made, pad_token="<|pad|>", eos_token="<|end|>", chat_template=CHAT)


def step(splits):
    tokenizer = words(splits["train"])
    transformers.set_seed(7)
    model = transformers.Qwen2ForSequenceClassification(transformers.Qwen2Config(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, num_labels=1, pad_token_id=tokenizer.pad_token_id, eos_token_id=tokenizer.eos_token_id))
    before = model.score.weight.detach().clone()
    trainer = trl.RewardTrainer(
        model=model,
        processing_class=tokenizer,
        train_dataset=splits["train"],
        eval_dataset=splits.get("validation"),
        args=trl.RewardConfig(
            output_dir=os.path.join(scratch, "model"), max_steps=1, per_device_train_batch_size=8, learning_rate=1e-2,
            report_to=[], save_strategy="no", use_cpu=True, bf16=False, max_length=1024, logging_steps=1, disable_tqdm=True))
    kept = len(trainer.train_dataset)
    loss = trainer.train().training_loss
    assert torch.isfinite(torch.tensor(loss)) and not torch.equal(before, model.score.weight), loss
    print(f"RewardTrainer: one step on {kept} of {len(splits['train'])} rows, loss {loss:.4f} (it takes the column margin as the margin to reach)")
    if "validation" in splits:
        print(f"  validation loss {trainer.evaluate()['eval_loss']:.4f}")


def scores(path):
    rows = datasets.load_dataset("json", data_files=str(path), split="train")
    for row in rows:
        assert abs(row["chosen_score"] - row["rejected_score"] - row["margin"]) < 1e-5, row
        assert 0 <= row["p"] <= 1 and row["model"] and row["source_id"], row
    print(f"{path.name}: {rows.num_rows} scored rows; columns {', '.join(rows.column_names)}")


print(", ".join(f"{m.__name__} {m.__version__}" for m in (torch, transformers, trl, datasets)) + f", Python {sys.version.split()[0]}")
step(load(pathlib.Path(sys.argv[1])))
if len(sys.argv) > 2:
    scores(pathlib.Path(sys.argv[2]))
