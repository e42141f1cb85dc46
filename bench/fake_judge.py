#!/usr/bin/env python3
"""An OpenAI-compatible endpoint that judges with a stated accuracy, for runs without a model.

    fake_judge.py CONVERTED_DIR [--accuracy 0.85] [--seed 0] [--port 9911] [--same-in-both-orders]

CONVERTED_DIR is convert.py's. An answer is right with the stated probability, by a hash of the candidates in the order shown;
with --same-in-both-orders the judge errs on a pair in both or in none, which asking twice can't mend. Unknown pairs get
cannot_tell. GET /count tells how many questions came.
"""
import argparse
import hashlib
import http.server
import json
import pathlib
import re
import threading

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("converted", type=pathlib.Path)
parser.add_argument("--accuracy", type=float, default=0.85)
parser.add_argument("--seed", type=int, default=0)
parser.add_argument("--port", type=int, default=9911)
parser.add_argument("--same-in-both-orders", action="store_true")
args = parser.parse_args()

truth = json.load(open(args.converted / "truth.json"))
better = {}
for line in open(args.converted / "pairs.jsonl", encoding="utf-8"):
    row = json.loads(line)
    if row["id"] in truth:
        chosen, rejected = (turns if isinstance(turns, str) else turns[-1]["content"] for turns in (row["chosen"], row["rejected"]))
        better[frozenset((chosen, rejected))] = chosen if truth[row["id"]]["right"] else rejected

count = 0
lock = threading.Lock()


def verdict(user):
    target = user[user.rfind("# The pair to judge") :]
    found = re.findall(r"<<Candidate ([12]) (\w+)>>\n(.*?)\n<<end \2>>", target, re.S)
    texts = {number: text for number, _, text in found}
    good = better.get(frozenset(texts.values()))
    if good is None:
        return "cannot_tell"
    shown = [texts["1"], texts["2"]]
    key = "/".join([str(args.seed)] + (sorted(shown) if args.same_in_both_orders else shown))
    right = int(hashlib.sha256(key.encode()).hexdigest()[:12], 16) / 16**12 < args.accuracy
    return next(number for number, text in texts.items() if (text == good) == right)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.reply({"count": count})

    def do_POST(self):
        global count
        with lock:
            count += 1
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        user = asked["messages"][-1]["content"]
        check = re.search(r"Check word: (\w+)", user)
        text = json.dumps(
            {"verdict": verdict(user), "reason": "simulated", "check": check.group(1) if check else ""}
        )
        tokens = len(user) // 4
        self.reply(
            {
                "id": "fake",
                "object": "chat.completion",
                "created": 0,
                "model": asked["model"],
                "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
                "usage": {"prompt_tokens": tokens, "completion_tokens": 12, "total_tokens": tokens + 12},
            }
        )

    def reply(self, body):
        data = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *ignored):
        pass


http.server.ThreadingHTTPServer(("127.0.0.1", args.port), Handler).serve_forever()
