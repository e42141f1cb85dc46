#!/usr/bin/env python3
"""Makes the small reward models that the tests load: Qwen3, Llama and BERT sequence classifiers with random weights.

    python3 services/models/src/test/python/make_reward_models.py

For each it writes src/test/resources/reward/<name>/{onnx,torchscript} by tools/convert_reward_model.py, and expected.jsonl:
conversations with the score that transformers gives to each alone.
"""

import json
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

import tokenizers
import torch
import transformers

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[5]
OUT = HERE.parents[1] / "resources" / "reward"

TEMPLATE = (
    "{{ bos_token }}{% for message in messages %}<|start|>{{ message.role }}\n{{ message.content | trim }}<|end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|start|>assistant\n{% endif %}")

WORDS = ("rain tea stone river lamp paper window garden copper winter letter salt boat music clay road bread cloud engine field "
         "the a of and to in is that it for on with as was at by from they we say her she or an will my one all would there").split()


def text(r, least, most):
    words = [r.choice(WORDS) for _ in range(r.randint(least, most))]
    out = " ".join(words)
    return out + r.choice(["", ".", "!\n\n* one\n* two", " \U0001F600", " `x = 3`", " 你好", " naïve café"])


def conversations(seed, count, longest):
    r = random.Random(seed)
    made = []
    while len(made) < count:
        history = [{"role": "user", "content": text(r, 1, longest)}]
        for _ in range(r.choice([0, 0, 0, 1, 2])):
            history += [{"role": "assistant", "content": text(r, 1, longest // 2)}, {"role": "user", "content": text(r, 1, 12)}]
        for _ in range(r.choice([1, 2, 2, 2, 4])):
            made.append(history + [{"role": "assistant", "content": text(r, 0, longest)}])
    return made[:count]


def bpe(specials, bos):
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    trainer = tokenizers.trainers.BpeTrainer(
        vocab_size=400, special_tokens=specials, initial_alphabet=tokenizers.pre_tokenizers.ByteLevel.alphabet(), show_progress=False)
    r = random.Random(1)
    tokenizer.train_from_iterator([text(r, 5, 40) for _ in range(300)], trainer)
    if bos:
        tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
            single=f"{bos} $A", special_tokens=[(bos, tokenizer.token_to_id(bos))])
    return tokenizer


def words():
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = tokenizers.normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.BertPreTokenizer()
    trainer = tokenizers.trainers.WordPieceTrainer(
        vocab_size=300, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False)
    r = random.Random(1)
    tokenizer.train_from_iterator([text(r, 5, 40) for _ in range(300)], trainer)
    cls, sep = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = tokenizers.processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", cls), ("[SEP]", sep)])
    return tokenizer


def qwen3():
    raw = bpe(["<|pad|>", "<|start|>", "<|end|>"], None)
    fast = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, pad_token="<|pad|>", eos_token="<|end|>")
    fast.chat_template = TEMPLATE.replace("{{ bos_token }}", "")
    config = transformers.Qwen3Config(
        vocab_size=len(fast), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=8, max_position_embeddings=40960, num_labels=1, pad_token_id=0)
    return transformers.Qwen3ForSequenceClassification(config), fast


def llama():
    """Its texts print a day, and end in its padding token, as some trainers have it."""
    raw = bpe(["<|unused|>", "<|begin|>", "<|start|>", "<|end|>"], "<|begin|>")
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, bos_token="<|begin|>", pad_token="<|end|>", eos_token="<|end|>")
    day = "Today is {{ strftime_now('%d %b %Y') if strftime_now is defined else '26 Jul 2024' }}.\n"
    fast.chat_template = TEMPLATE.replace("{% for", day + "{% for", 1).replace("<|end|>\n", "<|end|>")
    config = transformers.LlamaConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, max_position_embeddings=131072, num_labels=1, pad_token_id=3, bos_token_id=1,
        rope_parameters={"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0,
                         "high_freq_factor": 4.0, "original_max_position_embeddings": 64})
    return transformers.LlamaForSequenceClassification(config), fast


def bert():
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=words(), unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]", sep_token="[SEP]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"])
    config = transformers.BertConfig(
        vocab_size=len(fast), hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=512, num_labels=1, pad_token_id=0)
    return transformers.BertForSequenceClassification(config), fast


def enliven(model):
    """Makes weights livelier than fresh ones, whose scores would all be alike."""
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.dim() > 1:
                parameter.mul_(4)
        head = model.score if hasattr(model, "score") else model.classifier
        head.weight.mul_(6)
    model.eval()


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    import convert_reward_model as converter

    for make in (qwen3, llama, bert):
        torch.manual_seed(7)
        model, tokenizer = make()
        enliven(model)
        out = OUT / make.__name__
        shutil.rmtree(out, ignore_errors=True)
        out.mkdir(parents=True)
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / ("tiny-" + make.__name__)
            model.save_pretrained(source, safe_serialization=True)
            tokenizer.save_pretrained(source)
            for form in ("onnx", "torchscript"):
                subprocess.run(
                    [sys.executable, ROOT / "tools" / "convert_reward_model.py", source, out / form, "--format", form], check=True)
        ids, score = converter.reading(model, tokenizer, "chat" if tokenizer.chat_template else "pair")
        with open(out / "expected.jsonl", "w", encoding="utf-8") as file:
            for messages in conversations(11, 96, 40 if make is bert else 90):
                line = {"messages": messages, "score": score(messages), "tokens": ids(messages)["input_ids"].shape[1]}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
