#!/usr/bin/env python3
"""Turns the folder of a Hugging Face reward model into the folder that prefstream loads.

    python3 tools/convert_reward_model.py Skywork-Reward-V2-Qwen3-0.6B rm-0.6b --format onnx
    python3 tools/convert_reward_model.py Skywork-Reward-V2-Llama-3.1-8B rm-8b --format torchscript --dtype bfloat16 --device cuda

It takes sequence classifiers with one label: decoders (Qwen3, Llama, Mistral ...) and encoders (BERT, RoBERTa ...), reads
safetensors alone, and needs torch 2.7, transformers 4.57 or 5, and onnx for --format onnx. What it writes:

    reward-model.json   what the model is, the SHA-256 of every other file, and golden conversations with their scores
    model.onnx | model.pt, tokenizer.json, tokenizer_config.json, chat_template.jinja

The SHA-256 of reward-model.json is the model's id: announce it, and every byte of the folder is fixed.

A decoder's graph takes rows in which several answers to one conversation share its turns:

    input_ids, position_ids, segments [rows, tokens]   segment 0: shared by all; 1, 2, ...: an answer; -1: padding
    ends [rows, answers]                               place of each answer's last token
    -> scores [rows, answers]

A token sees the tokens before it that are shared or of its own answer, and positions go on after the shared part in each
answer, so that every answer is scored as if it stood alone. The head runs in 32-bit floats.
"""

import argparse
import datetime
import hashlib
import json
import pathlib
import shutil
import sys

import torch
import transformers

FORMAT = "prefstream-reward-model/1"
LONGEST = 16384
DATE = "2024-07-26"  # the day that Llama 3's templates fall back to
ATTENTION_COST = {"onnx": 1.6, "torchscript": 1.0}  # of an operation beside one of a matrix product, as measured on a CPU
TOLERANCE = {"float32": 1e-4, "float16": 0.02, "bfloat16": 0.25}

INPUTS = ("input_ids", "attention_mask", "token_type_ids", "position_ids")

GOLDEN = [
    ([("user", "How do I keep basil alive on a window sill?")],
     ["Give it at least six hours of light, water it when the top of the soil is dry, and pinch off flower buds so that it keeps growing leaves.",
      "Basil is a plant."]),
    ([("user", "What is 17 * 23?")],
     ["17 * 23 = 17 * 20 + 17 * 3 = 340 + 51 = 391.", "17 * 23 = 381."]),
    ([("user", "Translate 'good evening' into French."), ("assistant", "Bonsoir."), ("user", "And into Spanish?")],
     ["Buenas noches (or, earlier, \"buenas tardes\").", "Bonsoir \U0001F319"]),
    ([("user", "Write a haiku about rain on a tin roof.\n\nNo title, please.")],
     ["Tin roof, restless rain -\neach drop a small drum that asks\nwhether you're awake.",
      "# Rain\n\n* it rains\n* on tin\n"]),
]


class Packed(torch.nn.Module):
    """A decoder whose rows hold several answers to one conversation."""

    def __init__(self, model):
        super().__init__()
        self.backbone = getattr(model, model.base_model_prefix)
        head = model.score if hasattr(model, "score") else model.classifier
        self.register_buffer("weight", head.weight.detach().float())
        bias = head.bias.detach().float() if getattr(head, "bias", None) is not None else torch.zeros(1)
        self.register_buffer("bias", bias.to(self.weight.device))

    def forward(self, input_ids, position_ids, segments, ends):
        place = torch.ones_like(input_ids).cumsum(-1)
        key, query = segments.unsqueeze(1), segments.unsqueeze(2)
        before = place.unsqueeze(1) <= place.unsqueeze(2)
        same = place.unsqueeze(1) == place.unsqueeze(2)
        seen = (before & ((key == 0) | (key == query)) & (key >= 0)) | same  # a padding token sees itself, or nothing adds up
        dtype = self.backbone.embed_tokens.weight.dtype
        mask = (~seen).to(dtype).unsqueeze(1) * torch.finfo(dtype).min
        hidden = self.backbone(
            input_ids=input_ids, attention_mask=mask, position_ids=position_ids, use_cache=False, return_dict=False)[0]
        last = torch.gather(hidden, 1, ends.unsqueeze(-1).expand(-1, -1, hidden.shape[-1]))
        return (last.float() * self.weight.view(1, 1, -1)).sum(-1) + self.bias


class Plain(torch.nn.Module):
    """An encoder, one text a row."""

    def __init__(self, model, with_types):
        super().__init__()
        self.model = model
        self.with_types = with_types

    def forward(self, input_ids, attention_mask, token_type_ids=None):
        args = {"token_type_ids": token_type_ids} if self.with_types else {}
        return self.model(input_ids=input_ids, attention_mask=attention_mask, **args).logits.float()


def fail(text):
    sys.exit("convert_reward_model: " + text)


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def rope(config):
    """Rotary positions as transformers 5 and 4 name them; None for a model that has none."""
    return getattr(config, "rope_parameters", None) or getattr(config, "rope_scaling", None) or (
        {} if hasattr(config, "rope_theta") else None)


def is_decoder(config):
    return hasattr(config, "num_key_value_heads") and rope(config) is not None


def check(config, packed):
    if config.num_labels != 1:
        fail(f"the model has {config.num_labels} labels, and a reward model has one")
    if not packed:
        return
    kind = (rope(config) or {}).get("rope_type")
    if kind in ("dynamic", "longrope"):
        fail(f"rotary positions of type {kind} change with the length of a row, so that rows cannot be packed")
    window = getattr(config, "sliding_window", None) if getattr(config, "use_sliding_window", True) else None
    if window and is_decoder(config) and window < most_tokens(config):
        fail(f"the model's sliding window of {window} tokens is not kept by packed rows")


def most_tokens(config):
    places = getattr(config, "max_position_embeddings", LONGEST)
    if config.model_type in ("roberta", "xlm-roberta", "camembert"):
        places -= config.pad_token_id + 1  # their positions begin after the padding token's
    return min(LONGEST, places)


def even_tokens(model, config, form):
    """Length of a row at which attention costs as much as all matrices together; tells when packing answers pays."""
    matrices = sum(p.numel() for n, p in model.named_parameters() if "embed" not in n)
    heads = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    attention = 4 * config.num_attention_heads * heads * config.num_hidden_layers * ATTENTION_COST[form]
    return round(2 * matrices / attention)


def freeze_date(date):
    """Has templates that ask for the day get this one."""
    from transformers.utils import chat_template_utils

    class Fixed(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls.fromisoformat(date)

    chat_template_utils.datetime = Fixed


def reading(model, tokenizer, how, date=DATE):
    """The model's own score of a conversation: one text a call, no padding."""
    freeze_date(date)
    bos = tokenizer.bos_token

    def ids(messages):
        if how == "pair":
            *history, answer = messages
            return tokenizer("\n".join(m["content"] for m in history), answer["content"], return_tensors="pt")
        text = tokenizer.apply_chat_template(messages, tokenize=False)
        if bos and text.startswith(bos):
            text = text[len(bos):]
        return tokenizer(text, return_tensors="pt")

    def score(messages):
        with torch.no_grad():
            return model(**ids(messages).to(model.device)).logits[0][0].float().item()

    return ids, score


def golden(score):
    items = []
    for history, answers in GOLDEN:
        for answer in answers:
            messages = [{"role": r, "content": c} for r, c in history + [("assistant", answer)]]
            items.append({"messages": messages, "score": score(messages)})
    return items


def example(decoder, device):
    if decoder:
        ids = torch.tensor([[5, 6, 7, 8, 9, 10, 11], [5, 6, 7, 8, 9, 0, 0]], device=device)
        segments = torch.tensor([[0, 0, 1, 1, 2, 2, 2], [0, 1, 1, 2, 2, -1, -1]], device=device)
        positions = torch.tensor([[0, 1, 2, 3, 2, 3, 4], [0, 1, 2, 1, 2, 0, 0]], device=device)
        ends = torch.tensor([[3, 6], [2, 4]], device=device)
        return (ids, positions, segments, ends), ["input_ids", "position_ids", "segments", "ends"]
    ids = torch.tensor([[5, 6, 7, 8], [5, 6, 0, 0]], device=device)
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]], device=device)
    return (ids, mask, torch.zeros_like(ids)), ["input_ids", "attention_mask", "token_type_ids"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=pathlib.Path, help="folder of the Hugging Face model")
    parser.add_argument("out", type=pathlib.Path, help="folder to write, which must not be there yet")
    parser.add_argument("--format", choices=["onnx", "torchscript"], required=True)
    parser.add_argument("--dtype", choices=list(TOLERANCE), default="float32")
    parser.add_argument("--device", default="cpu", help="cpu or cuda; a TorchScript model runs where it was converted (%(default)s)")
    parser.add_argument("--max-tokens", type=int, default=LONGEST,
                        help="most tokens of a text (%(default)s, or what the model takes); attention's memory grows with its square")
    parser.add_argument("--int8", action="store_true", help="weights of an ONNX model as 8-bit integers, for CPUs")
    parser.add_argument("--graph", type=pathlib.Path,
                        help="take this ONNX graph, exported already by optimum (task text-classification), in place of exporting one")
    parser.add_argument("--input", choices=["chat", "pair"], default=None,
                        help="chat: the chat template; pair: the turns before the answer and the answer as two texts (by default chat where there is a template)")
    parser.add_argument("--date", default=DATE,
                        help="day that chat templates which print one are told, so that a score does not depend on when it is made (%(default)s)")
    args = parser.parse_args()
    if args.out.exists():
        fail(f"{args.out} is there already")
    if args.int8 and args.format != "onnx":
        fail("--int8 goes with --format onnx")
    if args.int8 and args.graph:
        fail("--int8 goes with a graph that is exported here, without --graph")
    if args.graph and args.format != "onnx":
        fail("--graph goes with --format onnx")

    config = transformers.AutoConfig.from_pretrained(args.model)
    check(config, packed=not args.graph)
    decoder = is_decoder(config) and not args.graph
    if args.int8 and not decoder:
        fail("--int8 is for decoders")
    if args.graph and is_decoder(config) and config.pad_token_id is None:
        fail("config.json has no pad_token_id, by which the graph of a decoder finds the last token of each row: set it and export again")
    tokenizer = transformers.AutoTokenizer.from_pretrained(args.model)
    how = args.input or ("chat" if tokenizer.chat_template else "pair")
    if how == "chat" and not tokenizer.chat_template:
        fail("the tokenizer has no chat template: give --input pair, or add chat_template.jinja to the model's folder")
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        args.model, dtype=getattr(torch, args.dtype), use_safetensors=True,
        attn_implementation="sdpa").to(args.device).eval()
    ids, score = reading(model, tokenizer, how, args.date)
    items = golden(score)

    args.out.mkdir(parents=True)
    types = "token_type_ids" in tokenizer.model_input_names
    wrapper = (Packed(model) if decoder else Plain(model, types)).eval()
    inputs, names = example(decoder, args.device)
    if not decoder and not types:
        inputs, names = inputs[:2], names[:2]
    tolerance = TOLERANCE[args.dtype]
    with torch.no_grad():
        if args.format == "onnx":
            file = "model.onnx"
            if args.graph:
                names = take_onnx(args.graph, args.out / file)
            else:
                export_onnx(wrapper, inputs, names, args.out / file)
            if args.int8:
                quantise(args.out / file)
        else:
            file = "model.pt"
            torch.jit.save(torch.jit.freeze(torch.jit.trace(wrapper, inputs, check_trace=False)), args.out / file)
    tokenizer.save_pretrained(args.out)
    for extra in args.out.iterdir():
        if extra.name not in (file, file + ".data", "tokenizer.json", "tokenizer_config.json", "chat_template.jinja"):
            shutil.rmtree(extra) if extra.is_dir() else extra.unlink()
    if args.int8:
        off, items = as_run(args.out / file, ids, items)
        tolerance = max(1e-3, off)  # versions of ONNX Runtime round differently, by less than 8 bits do
        print(f"int8 moves golden scores by up to {off:.3g} of {max(abs(i['score']) for i in items):.3g}")

    manifest = {
        "format": FORMAT,
        "name": args.model.resolve().name,
        "architecture": type(model).__name__,
        "engine": "OnnxRuntime" if args.format == "onnx" else "PyTorch",
        "model": file,
        "device": args.device.split(":")[0],
        "dtype": "int8" if args.int8 else args.dtype,
        "parameters": sum(p.numel() for p in model.parameters()),
        "input": how,
        "inputs": names,
        "pad_token_id": config.pad_token_id,
        "date": args.date if how == "chat" else None,
        "max_tokens": min(args.max_tokens, most_tokens(config)),
        "even_tokens": even_tokens(model, config, args.format) if decoder else None,
        "tolerance": tolerance,
        "golden": items,
        "files": {p.name: {"sha256": sha256(p), "bytes": p.stat().st_size} for p in sorted(args.out.iterdir())},
    }
    path = args.out / "reward-model.json"
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{args.out}: {manifest['architecture']}, {manifest['parameters']:,} parameters, {manifest['engine']}")
    print(f"id {sha256(path)}")


def take_onnx(graph, path):
    """Copies a graph that is there already; the names of its inputs."""
    import onnx

    loaded = onnx.load(graph)
    names = [i.name for i in loaded.graph.input]
    for name in names:
        if name not in INPUTS:
            fail(f"{graph} has the input {name}, which is none of a sequence classifier's ({', '.join(INPUTS)}): "
                 "export it with --task text-classification")
    save_onnx(loaded, path)
    return names


def export_onnx(wrapper, inputs, names, path):
    shapes = {name: {0: "rows", 1: "answers" if name == "ends" else "tokens"} for name in names}
    import onnx

    temporary = path.parent / "export"
    temporary.mkdir()
    torch.onnx.export(
        wrapper, inputs, str(temporary / path.name), input_names=names, output_names=["scores"],
        dynamic_axes=shapes, opset_version=17, dynamo=False)
    save_onnx(onnx.load(temporary / path.name), path)
    shutil.rmtree(temporary)


def save_onnx(graph, path):
    import onnx

    weights = sum(len(t.raw_data) for t in graph.graph.initializer)
    if weights > 1 << 30:  # one file of weights beside the graph, which may not be larger than 2 GiB
        onnx.save(graph, path, save_as_external_data=True, all_tensors_to_one_file=True, location=path.name + ".data")
    else:
        onnx.save(graph, path)


def quantise(path):
    from onnxruntime.quantization import QuantType, quantize_dynamic

    full = path.with_suffix(".full.onnx")
    path.rename(full)
    quantize_dynamic(full, path, weight_type=QuantType.QInt8, per_channel=True, op_types_to_quantize=["MatMul"])
    full.unlink()


def as_run(path, ids, items):
    """Golden scores as the quantised graph gives them, and how far they are from the model's own."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    off, made = 0.0, []
    for item in items:
        row = ids(item["messages"])["input_ids"].numpy()
        count = row.shape[1]
        feed = {"input_ids": row, "position_ids": torch.arange(count).unsqueeze(0).numpy(),
                "segments": (row * 0), "ends": torch.tensor([[count - 1]]).numpy()}
        score = float(session.run(None, feed)[0][0][0])
        off = max(off, abs(score - item["score"]))
        made.append({"messages": item["messages"], "score": score})
    return off, made


if __name__ == "__main__":
    main()
