#!/usr/bin/env python3
"""Asks a scoring server for scores as each trainer does, reads what each reads, and holds the answers against one another.

Sends conversations to /classify (SGLang's and vLLM's shape), /v1/embeddings, /get_reward and /v1/score/evaluation by hand. With
--openrlhf FILE (its openrlhf/utils/agent.py) and --verl FILE (its verl/experimental/reward_loop/reward_loop.py) the trainers' own
methods that post requests are taken out of those files and run as they are; they need aiohttp. Those two send texts, which a
head of a run refuses: then the refusal and its cure are what is checked. Last, it measures requests a second from --clients
threads. Prints JSON lines, and exits with 1 when an answer is not as it must be.

Usage: bench/serve_clients.py http://127.0.0.1:8083 [--openrlhf FILE] [--verl FILE] [--clients N] [--requests N]
"""
import argparse, ast, asyncio, concurrent.futures, json, logging, time, types, typing, urllib.error, urllib.request

args = argparse.ArgumentParser()
args.add_argument("url")
args.add_argument("--openrlhf")
args.add_argument("--verl")
args.add_argument("--clients", type=int, default=16)
args.add_argument("--requests", type=int, default=400)
args = args.parse_args()
failed = []

TALKS = [
    [{"role": "user", "content": "Is 91 prime?"}, {"role": "assistant", "content": "No: 91 = 7 x 13."}],
    [{"role": "user", "content": "Is 91 prime?"}, {"role": "assistant", "content": "Yes."}],
    [{"role": "user", "content": "Is 91 prime?"}, {"role": "assistant", "content": "great " * 40}],
]


def say(what, ok, **fact):
    print(json.dumps({"what": what, "ok": bool(ok), **fact}), flush=True)
    if not ok:
        failed.append(what)


def post(path, body):
    request = urllib.request.Request(args.url + path, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=180) as answer:
            return answer.status, json.load(answer), answer.headers["X-Prefstream-Model"]
    except urllib.error.HTTPError as e:
        return e.code, json.load(e), None


def method(file, name):
    """A method of a source file, alone, with what the trainers' files import for it."""
    import aiohttp

    for node in ast.walk(ast.parse(open(file).read())):
        if isinstance(node, ast.AsyncFunctionDef) and node.name == name:
            space = {"aiohttp": aiohttp, "asyncio": asyncio, "logger": logging.getLogger(name), **vars(typing)}
            exec(compile(ast.Module([node], []), file, "exec"), space)
            return space[name]
    raise SystemExit(f"{file} has no method {name}")


def templated(talk):
    return "".join(f"<|im_start|>{turn['role']}\n{turn['content']}<|im_end|>\n" for turn in talk)


status, sglang, model = post("/classify", {"model": "owner/name", "text": TALKS})
scores = [item["embedding"][0] for item in sglang]
say("SGLang /classify", status == 200 and len(scores) == 3 and all(i["meta_info"]["model"] == model for i in sglang),
    scores=scores, model=model)
say("the gate marks the loop", [item["meta_info"]["trusted"] for item in sglang] == [True, True, False])

status, vllm, _ = post("/classify", {"model": "owner/name", "input": TALKS[0], "activation": False})
say("vLLM /classify, as verl reads it", status == 200 and vllm["data"][-1]["probs"][-1] == scores[0])
status, refused, _ = post("/classify", {"input": TALKS[0], "use_activation": True})
say("vLLM /classify with an activation is refused", status == 400 and refused["error"]["param"] == "use_activation")
status, embedding, _ = post("/v1/embeddings", {"model": "owner/name", "input": TALKS[:1]})
say("SGLang /v1/embeddings, as verl reads it", status == 200 and embedding["data"][-1]["embedding"][-1] == scores[0])
status, reward, _ = post("/get_reward", {"query": TALKS, "prompts": [""] * 3, "labels": [None] * 3})
say("OpenRLHF /get_reward", status == 200 and reward["rewards"] == reward["scores"] == scores
    and reward["extra_logs"] == {"trusted": [1.0, 1.0, 0.0]})
status, evaluation, _ = post("/v1/score/evaluation", {"model": "model", "messages": [templated(TALKS[0])]})
texts = status == 200
say("LLaMA-Factory /v1/score/evaluation", texts or "send messages" in evaluation["error"]["message"], scores_texts=texts)

if args.openrlhf:
    fetch = method(args.openrlhf, "_fetch_rewards_via_http")
    query, prompt = templated(TALKS[0]), templated(TALKS[0][:1]) + "<|im_start|>assistant\n"
    try:
        answer = asyncio.run(fetch(types.SimpleNamespace(reward_endpoints=[args.url + "/get_reward"]), [query], [prompt], [None]))
        say("OpenRLHF's own client", texts and len(answer[0]["rewards"]) == 1 and answer[0]["extra_logs"]["trusted"] == [1.0])
    except RuntimeError as e:
        say("OpenRLHF's own client is refused", not texts, said=str(e)[:80])

if args.verl:
    send = method(args.verl, "_post_request")
    worker = types.SimpleNamespace(reward_router_address=args.url.removeprefix("http://"))
    for path, read in (("classify", lambda o: o["data"][-1]["probs"][-1]), ("v1/embeddings", lambda o: o["data"][-1]["embedding"][-1])):
        body = {"model": "/models/owner/name", "input": templated(TALKS[0])}
        body |= {"activation": False} if path == "classify" else {}
        try:
            score = read(asyncio.run(send(worker, body, path)))
            say(f"verl's own client, {path}", texts and isinstance(score, float), score=score)
        except Exception as e:
            say(f"verl's own client, {path}, is refused once", not texts and getattr(e, "status", 0) == 400)

start = time.monotonic()
with concurrent.futures.ThreadPoolExecutor(args.clients) as clients:
    answers = list(clients.map(lambda i: post("/classify", {"text": TALKS[i % 3:i % 3 + 1]}), range(args.requests)))
took = time.monotonic() - start
# What shares a row with a text moves its score in the last bits, as batches do anywhere.
say("all of many answered alike", all(a[0] == 200 and abs(a[1][0]["embedding"][0] - scores[i % 3]) < 1e-4 for i, a in enumerate(answers)),
    requests=args.requests, clients=args.clients, per_second=round(args.requests / took))
raise SystemExit(1 if failed else 0)
