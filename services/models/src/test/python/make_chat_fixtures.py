#!/usr/bin/env python3
"""Renders conversations through the chat templates of a folder with transformers, for the Java renderer to be held against.

    make_chat_fixtures.py FOLDER [--conversations N] [--texts N] [--largest CHARACTERS]

For every *.jinja in FOLDER it writes beside it NAME.expected.jsonl, one row a conversation of conversations.jsonl, which it
writes too: the SHA-256 of the text (and for the first --texts conversations the text), or what the template raised, or the
kind of error otherwise. Conversations come from a seed and are of every shape that a template may meet. strftime_now, which
transformers sets to today, is undefined or at the row's date. Needs: pip install transformers
"""
import argparse
import datetime
import hashlib
import json
import pathlib
import random

import jinja2
import tokenizers
import transformers
from transformers.utils.chat_template_utils import _compile_jinja_template

TOKENS = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
DATE = "2025-03-09T14:05:00"

PIECES = [
    "Hello", "What is 2 + 2?", "Thanks!", "", " ", "\n", "\n\n", "  two blanks  ", "\ttab\t", "line one\nline two\r\nline three\n",
    "caf\u00e9 na\u00efve", "cafe\u0301", "\U0001F600 \U0001F469\u200D\U0001F4BB", "\u4f60\u597d\uff0c\u4e16\u754c\u3002", "\u0645\u0631\u062d\u0628\u0627", "\u05e9\u05dc\u05d5\u05dd \u202b",
    "\u00a0blank\u2003around\u3000", "\u2028", "\u0085", "\x1f", "\ufeff", "Stra\u00dfe \u0130stanbul \u01c6",
    "{{ x }}", "{% if true %}no{% endif %}", "{# hidden #}", "{{ raise_exception('no') }}", "{%- raw -%}", "%}", "}}",
    "<s>", "</s>", "<|im_end|>", "<|im_start|>user\n", "<|eot_id|>", "[INST] a [/INST]", "<|endoftext|>", "<end_of_turn>", "<|assistant|>",
    "print('it\\'s')", 'say "hi" \\ there', "C:\\new\\table", "a & b < c > d", "```python\ndef f(x):\n    return {'a': [1, 2][x]}\n```\n",
    "<think>\nhm\n</think>\n\nYes", "<think></think>", "</think>", "<think>open", "a</think>b</think>c", "<think>\n\n</think>\n\n done \n",
    "<tool_call>\n{\"name\": \"f\", \"arguments\": {}}\n</tool_call>", "<tool_response>\n42\n</tool_response>", "<tool_response>x", '{"a": 1, "b": [true, null]}',
]


def content(dice):
    return "".join(dice.choice(PIECES) for _ in range(dice.choice([1, 1, 1, 2, 3, 6])))


def turns(dice, roles):
    return [{"role": role, "content": content(dice)} for role in roles]


def dialogue(rounds, end):
    """Roles of so many rounds; one that ends in a user turn lacks its last answer."""
    roles = ["user", "assistant"] * rounds
    return roles if end == "assistant" else roles[:-1]


def shaped(dice, shape, largest):
    rounds = dice.randint(1, 10)
    end = dice.choice(["assistant", "user"])
    system = dice.choice([[], ["system"]])
    if shape == "plain":
        return turns(dice, dialogue(1, end))
    if shape == "rounds":
        return turns(dice, system + dialogue(rounds, end))
    if shape == "system":
        return turns(dice, ["system"] + dialogue(dice.randint(1, 3), end))
    if shape == "empty":
        return [{"role": role, "content": ""} for role in system + dialogue(2, end)]
    if shape == "edges":
        return [{"role": role, "content": dice.choice([" ", "\n", "\n\n ", "\t", "\u00a0", ""]) + content(dice) + dice.choice([" ", "\n", "\n\n", "\r\n", "\u3000"])}
                for role in system + dialogue(2, end)]
    if shape == "thinking":
        messages = turns(dice, system + dialogue(rounds, end))
        for message in messages:
            if message["role"] == "assistant":
                message["content"] = dice.choice(["", "<think>\n", "<think>"]) + content(dice) + dice.choice(["</think>", "\n</think>\n\n", ""]) + content(dice)
        return messages
    if shape == "tools":
        return turns(dice, system + ["user", "assistant", "tool", "assistant", "user", "assistant", "tool", "tool"] + dice.choice([[], ["assistant"]]))
    if shape == "twice":
        return turns(dice, system + dice.choice([["user", "user"], ["user", "assistant", "assistant"], ["assistant", "user"], ["user", "system", "user"]]))
    if shape == "odd":
        return turns(dice, dice.choice([["assistant"], ["system"], ["tool"], ["narrator", "user"], ["system", "system", "user"], ["user", "tool"], []]))
    long = {"role": "user", "content": content(dice) + " long \U0001F600", "times": dice.randint(largest // 40, largest // 20)}
    return turns(dice, system) + [long] + turns(dice, dialogue(2, end)[1:])


SHAPES = ["plain", "rounds", "system", "empty", "edges", "thinking", "tools", "twice", "odd", "long"]


def conversations(count, largest):
    dice = random.Random(20250309)
    for i in range(count):
        messages = shaped(dice, SHAPES[i % len(SHAPES)], largest)
        yield {"messages": messages, "prompt": dice.random() < 0.5, "date": DATE if i // len(SHAPES) % 2 == 1 else None}


def tokenizer():
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    return transformers.PreTrainedTokenizerFast(tokenizer_object=words, **TOKENS)


def rendered(words, template, row, with_text):
    messages = [{"role": m["role"], "content": m["content"] * m.get("times", 1)} for m in row["messages"]]
    try:
        clock = _compile_jinja_template(template).environment.globals
        clock.pop("strftime_now", None)
        if row["date"]:
            clock["strftime_now"] = datetime.datetime.fromisoformat(row["date"]).strftime
        text = words.apply_chat_template(messages, chat_template=template, tokenize=False, add_generation_prompt=row["prompt"])
    except Exception as error:
        return {"refused": str(error)} if type(error) is jinja2.TemplateError else {"fault": type(error).__name__}
    whole = {"text": text} if with_text else {}
    return {"sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), **whole}


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8", newline="")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--conversations", type=int, default=40)
    parser.add_argument("--texts", type=int, default=10)
    parser.add_argument("--largest", type=int, default=20_000)
    args = parser.parse_args()
    rows = list(conversations(args.conversations, args.largest))
    write(args.folder / "conversations.jsonl", rows)
    words = tokenizer()
    for path in sorted(args.folder.glob("*.jinja")):
        template = path.read_bytes().decode("utf-8")
        write(path.with_suffix(".expected.jsonl"), [rendered(words, template, row, i < args.texts) for i, row in enumerate(rows)])


if __name__ == "__main__":
    main()
