#!/usr/bin/env python3
"""Makes reward models of a given size with random weights, to measure scoring: Qwen3 shapes and a tokenizer trained on the texts.

    bench/reward_models.py make SHAPE OUT PAIRS.jsonl [--formats onnx int8 torchscript] [--dtype float32] [--device cpu]
    bench/reward_models.py score OUT/hf PAIRS.jsonl [--pairs N] [--dtype float32] [--device cpu]

"make" writes OUT/hf, the Hugging Face folder, and what tools/convert_reward_model.py makes of it, and OUT/matrices, the number
of weights that a token is multiplied with. "score" has transformers score the pairs, well batched: rows of nearly one length
together within a budget of tokens; it prints a JSON line. Needs torch 2.7, transformers, and onnx, onnxruntime for ONNX.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import time

import torch
import transformers

ROOT = pathlib.Path(__file__).resolve().parents[1]
VOCABULARY = 8000
# hidden, intermediate, layers, heads, heads of keys, size of a head, rows of the embedding (0: as the tokenizer needs)
SHAPES = {
    "tiny": (64, 128, 2, 4, 2, 16, 0),
    "mid": (384, 1152, 8, 6, 3, 64, 0),
    "0.6b": (1024, 3072, 28, 16, 8, 128, 151936),
    "8b": (4096, 12288, 36, 32, 8, 128, 151936),
}


def conversations(path, pairs):
    with open(path, encoding="utf-8") as file:
        for count, line in enumerate(file):
            if count == pairs:
                return
            row = json.loads(line)
            yield row["chosen"]
            yield row["rejected"]


def tokenizer(path):
    sys.path.insert(0, str(ROOT / "services/models/src/test/python"))
    from make_reward_models import TEMPLATE
    import tokenizers

    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    bpe.train_from_iterator(
        (message["content"] for talk in conversations(path, 1000) for message in talk),
        tokenizers.trainers.BpeTrainer(
            vocab_size=VOCABULARY, special_tokens=["<|pad|>", "<|start|>", "<|end|>"],
            initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False))
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=bpe, pad_token="<|pad|>", eos_token="<|end|>")
    fast.chat_template = TEMPLATE.replace("{{ bos_token }}", "")
    return fast


def make(args):
    hidden, intermediate, layers, heads, keys, size, rows = SHAPES[args.shape]
    fast = tokenizer(args.pairs_file)
    torch.manual_seed(7)
    config = transformers.Qwen3Config(
        vocab_size=rows or len(fast), hidden_size=hidden, intermediate_size=intermediate, num_hidden_layers=layers,
        num_attention_heads=heads, num_key_value_heads=keys, head_dim=size, max_position_embeddings=40960, num_labels=1,
        pad_token_id=0)
    torch.set_default_dtype(getattr(torch, args.dtype))
    with torch.device(args.device):
        model = transformers.Qwen3ForSequenceClassification(config)
    torch.set_default_dtype(torch.float32)
    args.out.mkdir(parents=True)
    model.save_pretrained(args.out / "hf", safe_serialization=True)
    fast.save_pretrained(args.out / "hf")
    matrices = sum(p.numel() for n, p in model.named_parameters() if "embed" not in n)
    (args.out / "matrices").write_text(f"{matrices}\n")
    del model
    for form in args.formats:
        command = [sys.executable, ROOT / "tools/convert_reward_model.py", args.out / "hf", args.out / form,
                   "--format", "torchscript" if form == "torchscript" else "onnx", "--dtype", args.dtype, "--device", args.device]
        subprocess.run(command + (["--int8"] if form == "int8" else []), check=True)


def score(args):
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    fast = transformers.AutoTokenizer.from_pretrained(args.model)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        args.model, dtype=getattr(torch, args.dtype), attn_implementation="sdpa").to(args.device).eval()
    texts = [fast(fast.apply_chat_template(talk, tokenize=False))["input_ids"] for talk in conversations(args.pairs_file, args.pairs)]
    texts.sort(key=len, reverse=True)
    best = None
    for budget in (32768, 65536) if args.device != "cpu" else (1, 2048, 8192):
        batches, batch = [], []
        for ids in texts:
            if batch and (len(batch) + 1) * len(batch[0]) > budget:
                batches.append(batch)
                batch = []
            batch.append(ids)
        batches.append(batch)
        for turn in range(2):  # the first warms up
            begun, used = time.perf_counter(), time.process_time()
            with torch.no_grad():
                for batch in batches:
                    rows = fast.pad({"input_ids": batch}, return_tensors="pt").to(args.device)
                    model(input_ids=rows["input_ids"], attention_mask=rows["attention_mask"]).logits.float().cpu()
            taken, used = time.perf_counter() - begun, time.process_time() - used
        tokens = sum(map(len, texts))
        line = {"what": "transformers " + transformers.__version__, "budget": budget, "pairs_s": round(len(texts) / 2 / taken, 2),
                "tokens_s": round(tokens / taken), "cpu_us_per_token": round(used / tokens * 1e6, 1)}
        best = line if best is None or line["tokens_s"] > best["tokens_s"] else best
    print(json.dumps(best))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    maker = commands.add_parser("make")
    maker.add_argument("shape", choices=SHAPES)
    maker.add_argument("out", type=pathlib.Path)
    maker.add_argument("--formats", nargs="+", choices=["onnx", "int8", "torchscript"], default=["onnx", "int8", "torchscript"])
    maker.set_defaults(run=make)
    scorer = commands.add_parser("score")
    scorer.add_argument("model", type=pathlib.Path)
    scorer.add_argument("--pairs", type=int, default=150)
    scorer.set_defaults(run=score)
    for command in (maker, scorer):
        command.add_argument("pairs_file", type=pathlib.Path)
        command.add_argument("--dtype", default="float32")
        command.add_argument("--device", default="cpu")
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
