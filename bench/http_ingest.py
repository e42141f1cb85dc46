#!/usr/bin/env python3
"""HTTP ingest under load and kill -9: nothing that had a 2xx is lost, duplicates vanish, memory stays flat.

Runs broker and registry with HTTP ingest (`serve --no-stages`) and the ingest stage in processes of their own, so that the
stages behind ingest, which are slower, don't take part. Clients post small pairs, a tenth of them twice. At seeded moments
the serving process is killed with kill -9 and started again; clients send again what had no 2xx. At the end it reads the
topic `pairs` and compares ids. Prints JSON lines. Needs confluent-kafka (pip install confluent-kafka).

Usage: bench/http_ingest.py [--pairs N] [--kills N] [--clients N] [--lines N] [--seed N]
"""
import argparse, http.client, json, os, queue, random, re, shutil, signal, subprocess, sys, tempfile, threading, time

home = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
args = argparse.ArgumentParser()
args.add_argument("--pairs", type=int, default=20000)
args.add_argument("--kills", type=int, default=1)
args.add_argument("--clients", type=int, default=64)
args.add_argument("--lines", type=int, default=100, help="lines of a request")
args.add_argument("--seed", type=int, default=7)
args.add_argument("--kafka-port", type=int, default=19092)
args.add_argument("--registry-port", type=int, default=18081)
args.add_argument("--ingest-port", type=int, default=18082)
args = args.parse_args()
dice = random.Random(args.seed)
work = tempfile.mkdtemp(prefix="http-ingest-")
env = dict(os.environ, PREFSTREAM_JAVA_OPTS=os.environ.get("PREFSTREAM_JAVA_OPTS", "-Xmx700m"))


def say(**fact):
    print(json.dumps(fact), flush=True)


def start(name, *words):
    log = open(os.path.join(work, name + ".log"), "a")
    return subprocess.Popen([os.path.join(home, "prefstream"), *words], stdout=log, stderr=log, env=env)


def serve():
    process = start("serve", "serve", "--no-stages", "--data-dir", work + "/data", "--kafka-port", str(args.kafka_port),
                    "--registry-port", str(args.registry_port), "--ingest-port", str(args.ingest_port))
    for _ in range(600):
        try:
            link = http.client.HTTPConnection("127.0.0.1", args.ingest_port, timeout=5)
            link.request("GET", "/v1/pairs")
            if link.getresponse().status == 405:
                return process
        except OSError:
            pass
        if process.poll() is not None:
            sys.exit("serve has ended; see " + work)
        time.sleep(0.2)
    sys.exit("serve does not answer; see " + work)


def stage():
    return start("stage", "stage", "ingest", "--bootstrap", f"127.0.0.1:{args.kafka_port}", "--registry",
                 f"http://127.0.0.1:{args.registry_port}", "--state-dir", work + "/stage", "--http-port", "0")


def rss(process):
    try:
        with open(f"/proc/{process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) // 1024
    except (OSError, AttributeError):
        return None


def line(n):
    return json.dumps({"id": f"r-{n}", "prompt": f"What is {n} plus one?", "chosen": f"It is {n + 1}.",
                       "rejected": f"It is {n + 2}."})


# Every tenth pair comes a second time, in another request.
rows = list(range(args.pairs)) + dice.sample(range(args.pairs), args.pairs // 10)
dice.shuffle(rows)
todo = queue.Queue()
for at in range(0, len(rows), args.lines):
    todo.put(rows[at:at + args.lines])
lock = threading.Lock()
acked, counts = set(), {"requests": 0, "sent_again": 0, "turned_away": 0, "lines_acked": 0, "bad": 0}
seconds = []


def client():
    link = None
    while True:
        try:
            batch = todo.get_nowait()
        except queue.Empty:
            return
        body = "".join(line(n) + "\n" for n in batch).encode()
        while True:
            began = time.monotonic()
            try:
                link = link or http.client.HTTPConnection("127.0.0.1", args.ingest_port, timeout=120)
                link.request("POST", "/v1/pairs", body, {"Content-Type": "application/x-ndjson"})
                answer = link.getresponse()
                text = answer.read()
            except (OSError, http.client.HTTPException):
                link = None
                with lock:
                    counts["sent_again"] += 1
                time.sleep(0.2)
                continue
            if answer.status == 200:
                answers = [json.loads(one) for one in text.splitlines()]
                with lock:
                    counts["requests"] += 1
                    seconds.append(time.monotonic() - began)
                    counts["lines_acked"] += len(answers)
                    counts["bad"] += sum(a["status"] != "accepted" or a["id"] != f"r-{n}" for a, n in zip(answers, batch))
                    counts["bad"] += len(answers) != len(batch)
                    acked.update(batch)
                break
            with lock:
                counts["turned_away"] += 1
            if answer.getheader("Connection") == "close":
                link = None
            time.sleep(float(answer.getheader("Retry-After") or 1))


server = serve()
ingest = stage()
began = time.monotonic()
threads = [threading.Thread(target=client, daemon=True) for _ in range(args.clients)]
for thread in threads:
    thread.start()
kill_at = sorted(dice.uniform(0.15, 0.85) * len(rows) for _ in range(args.kills))
shown = 0
down = 0.0
while any(thread.is_alive() for thread in threads):
    time.sleep(0.1)
    with lock:
        done = counts["lines_acked"]
    if kill_at and done >= kill_at[0]:
        kill_at.pop(0)
        server.send_signal(signal.SIGKILL)
        server.wait()
        fell = time.monotonic()
        server = serve()
        down += time.monotonic() - fell
        say(event="killed", lines_acked=done, down_seconds=round(time.monotonic() - fell, 1))
    if done - shown >= len(rows) / 20:
        shown = done
        say(event="progress", lines_acked=done, seconds=round(time.monotonic() - began, 1), serve_rss_mib=rss(server),
            stage_rss_mib=rss(ingest))
took = time.monotonic() - began
if ingest.poll() is not None:
    ingest = stage()

from confluent_kafka import Consumer, TopicPartition  # noqa: E402

reader = Consumer({"bootstrap.servers": f"127.0.0.1:{args.kafka_port}", "group.id": "check", "enable.auto.commit": False,
                   "isolation.level": "read_committed", "auto.offset.reset": "earliest"})
topics = reader.list_topics(timeout=30).topics
reader.assign([TopicPartition(topic, p, 0) for topic in ("pairs", "rejected-input") for p in topics[topic].partitions])
seen, refused = {}, 0
quiet = time.monotonic()
while time.monotonic() - quiet < (20 if len(seen) >= len(acked) else 120):
    record = reader.poll(1.0)
    if record is None or record.error():
        continue
    quiet = time.monotonic()
    if record.topic() == "rejected-input":
        refused += 1
    else:
        name = re.search(rb"r-(\d+)", record.value())
        seen.setdefault(int(name.group(1)) if name else -1, []).append(record.key())
settled = time.monotonic() - began
reader.close()
lost = len(acked - seen.keys())
twice = sum(len(keys) > 1 for keys in seen.values())
order = sorted(seconds)
say(event="result", pairs=args.pairs, clients=args.clients, kills=args.kills, lines_sent=len(rows), **counts,
    lost=lost, twice=twice, strangers=len(seen.keys() - acked), rejected=refused, seconds=round(took, 1),
    seconds_down=round(down, 1), lines_a_second=round(len(rows) / max(0.001, took - down)),
    request_seconds_p50=round(order[len(order) // 2], 3), request_seconds_p99=round(order[len(order) * 99 // 100], 3),
    settled_seconds=round(settled, 1), serve_rss_mib=rss(server), stage_rss_mib=rss(ingest), work=work)
for process in (ingest, server):
    process.terminate()
    process.wait()
if lost or twice or refused or counts["bad"] or seen.keys() - acked:
    sys.exit(1)
shutil.rmtree(work)
