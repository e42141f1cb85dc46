#!/usr/bin/env python3
"""Makes the classifiers for optimum_check.sh: WORK/<name>/hf, and expected.jsonl with transformers' scores of each text alone."""

import json
import pathlib
import sys

import torch

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "services/models/src/test/python"), str(ROOT / "tools")]
import convert_reward_model as converter  # noqa: E402
import make_reward_models as makers  # noqa: E402


def main():
    work = pathlib.Path(sys.argv[1])
    for make in (makers.qwen3, makers.llama, makers.bert):
        torch.manual_seed(7)
        model, tokenizer = make()
        if make is makers.llama and not getattr(model.config, "rope_scaling", None):  # the name that transformers 4 has for it
            model.config.rope_scaling = model.config.rope_parameters
            model.config.rope_theta = model.config.rope_parameters["rope_theta"]
            del model.config.rope_parameters
            model = type(model)(model.config)
        makers.enliven(model)
        out = work / make.__name__
        model.save_pretrained(out / "hf", safe_serialization=True)
        tokenizer.save_pretrained(out / "hf")
        _, score = converter.reading(model, tokenizer, "chat" if tokenizer.chat_template else "pair")
        with open(out / "expected.jsonl", "w", encoding="utf-8") as file:
            for messages in makers.conversations(11, 96, 40 if make is makers.bert else 90):
                file.write(json.dumps({"messages": messages, "score": score(messages)}, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
