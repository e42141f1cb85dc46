#!/usr/bin/env bash
# Reads a run with clients that aren't ours: kcat (Debian package kcat), and confluent-kafka for Python with its registry client,
# whose counts must be those of "prefstream topics". Usage: bench/clients.sh DATA_DIR [SERVE_OPTION...]
# PYTHON names a Python that has: pip install 'confluent-kafka[avro,schemaregistry]'
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
data=$1
kafka=127.0.0.1:29092 registry=http://127.0.0.1:28081
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true' EXIT

"$home/prefstream" topics --data-dir "$data" | sed -nE 's/^([a-z-]+) .* ([0-9]+)  .*$/\1\t\2/p' | sort >"$work/topics"
"$home/prefstream" serve --no-stages --data-dir "$data" "${@:2}" \
  --kafka-port "${kafka##*:}" --registry-port "${registry##*:}" >"$work/serve.log" 2>&1 &
server=$!
until grep -q 'Kafka on' "$work/serve.log"; do
  kill -0 $server || { cat "$work/serve.log"; exit 1; }
  sleep 1
done

kcat -b "$kafka" -L | sed -nE 's/^  topic "([^"]+)".*/\1/p' | sort >"$work/kcat"
unseen=$(cut -f 1 "$work/topics" | comm -23 - "$work/kcat")
[ -z "$unseen" ] || { echo "kcat does not see: $unseen"; exit 1; }
echo "kcat sees all $(wc -l <"$work/topics") topics; the first verdicts:"
kcat -b "$kafka" -C -t verdicts -o beginning -c 3 -e -q -f '  partition %p, offset %o, key %k, %S bytes\n'

"${PYTHON:-python3}" "$home/bench/read_topics.py" "$kafka" "$registry" | tee "$work/python"
diff "$work/topics" <(grep -P '\t' "$work/python" | sort)
echo "confluent-kafka reads every topic to its end, with the counts of prefstream topics"
