#!/usr/bin/env bash
# Gives curate every kind of bad input, made here, beside one good file, and checks message, exit code and that the good rows
# went through. Then the faults around a run: a taken folder, a taken port, SIGTERM in the middle. Usage: bench/bad_input.sh
set -euo pipefail
home=$(cd "$(dirname "$0")/.." && pwd)
prefstream=${PREFSTREAM:-$home/prefstream}
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export PREFSTREAM_JAVA_OPTS=${PREFSTREAM_JAVA_OPTS:--Xmx1000m}
failed=0

check() { # NAME EXIT_CODE_WANTED EXIT_CODE FILE PATTERN...
  local name=$1 want=$2 got=$3 file=$4 pattern
  shift 4
  [ "$want" = "$got" ] || { echo "FAILED $name: exit code $got, not $want"; failed=1; }
  for pattern in "$@"; do
    grep -qE -- "$pattern" "$file" || { echo "FAILED $name: no line like: $pattern"; sed 's/^/    /' "$file" | cut -c1-300; failed=1; }
  done
  if grep -qE '^\s+at [a-z]+\.|Exception in thread' "$file"; then echo "FAILED $name: a stack trace"; failed=1; fi
  echo "checked $name"
}
row() { printf '{"id":"%s","prompt":"Name a %s colour","chosen":"%s is one","rejected":"No idea about %s"}\n' "$1" "$1" "$1" "$1"; }

for i in 1 2 3 4 5 6; do row "good-$i"; done >good.jsonl
{ for i in $(seq 1 4000); do row "cut-$i"; done; } | gzip >whole.jsonl.gz
head -c 20000 whole.jsonl.gz >truncated.jsonl.gz
{ row before; printf '{"id":"long","prompt":"'; head -c 300000000 /dev/zero | tr '\0' x; printf '","chosen":"a","rejected":"b"}\n'; row after; } >long.jsonl
{ row n1; echo '{"id":"null-chosen","prompt":"p","chosen":null,"rejected":"b"}'; row n2; } >null.jsonl
{ row u1; printf '{"id":"latin","prompt":"p","chosen":"caf\xe9","rejected":"b"}\n'; row u2; } >latin.jsonl
: >empty.jsonl
printf 'id,prompt,answer\n1,a,b\n' >columns.csv
mkdir folder.jsonl
row secret >locked.jsonl
chmod 000 locked.jsonl
row good-1 >again.jsonl # an id that another row has, with its text
echo '{"id":"good-2","prompt":"Other","chosen":"words","rejected":"here"}' >>again.jsonl # and one with another text
{
  echo '{"id":"good-1","verdict":"chosen","annotator":"a"}'
  echo '{"id":"nobody","verdict":"chosen","annotator":"a"}'
  echo '{"id":"good-3","verdict":"perhaps","annotator":"a"}'
  echo 'not json'
  echo '{"id":"good-2","verdict":"chosen","annotator":"a"}'
} >gold.jsonl

code=0
"$prefstream" curate good.jsonl truncated.jsonl.gz long.jsonl null.jsonl latin.jsonl empty.jsonl missing.jsonl folder.jsonl \
  columns.csv again.jsonl --gold gold.jsonl --out out --progress none --rounds 1 >all.log 2>&1 || code=$?
check "a mixed batch" 1 $code all.log 'truncated.jsonl.gz: .*(damaged|cut|ends)' 'empty.jsonl: is empty' \
  'missing.jsonl: there is no such file' 'folder.jsonl: is not a regular file' 'columns.csv: .*Expected the columns' \
  'label left out: gold.jsonl.*3.*perhaps' 'label left out: gold.jsonl.*4' '1 labels? name.*: nobody'
check "its verdicts" 0 0 out/verdicts.jsonl '"source_id":"good-6".*"verdict":"quarantine"' '"source_id":"after"' '"source_id":"n2"' \
  '"source_id":"u2"' '"file":"long.jsonl","line":2.*too-large' '"file":"null.jsonl","line":2.*chosen' \
  '"file":"latin.jsonl","line":2.*not-utf8' '"file":"again.jsonl","line":1.*duplicate.*good.jsonl'
if [ "$(id -u)" != 0 ]; then
  code=0; "$prefstream" curate locked.jsonl --out none --progress none >locked.log 2>&1 || code=$?
  check "a file that may not be read" 1 $code locked.log 'locked.jsonl: may not be read'
else
  echo "skipped a file that may not be read: root may read everything"
fi
code=0; "$prefstream" curate empty.jsonl missing.jsonl --out none --progress none >none.log 2>&1 || code=$?
check "nothing to curate" 1 $code none.log 'no row could be read from the input'
code=0; "$prefstream" curate good.jsonl --gold nowhere.jsonl --out none --progress none >nogold.log 2>&1 || code=$?
check "a gold file that isn't there" 1 $code nogold.log 'nowhere.jsonl'
code=0; "$prefstream" curate good.jsonl --out none --rounds 0 >usage.log 2>&1 || code=$?
check "a wrong option" 2 $code usage.log '--rounds must be a whole number, 1 or more'
code=0; "$prefstream" curate good.jsonl >noout.log 2>&1 || code=$?
check "a missing option" 2 $code noout.log "'--out=DIR'"
code=0; "$prefstream" topics --data-dir nowhere >nowhere.log 2>&1 || code=$?
check "a folder without a run" 1 $code nowhere.log 'there is no run in nowhere'
[ "$(id -u)" = 0 ] && blocked=/proc/prefstream || blocked=/prefstream
code=0; "$prefstream" curate good.jsonl --out none --data-dir $blocked >blocked.log 2>&1 || code=$?
check "a data folder that cannot be made" 1 $code blocked.log 'cannot write to .*use another --data-dir'
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=300m tmpfs small 2>/dev/null; then
  code=0; "$prefstream" curate good.jsonl --out none --data-dir small/data >full.log 2>&1 || code=$?
  umount -l small
  check "a disk that is nearly full" 1 $code full.log 'less than 512 MiB are free.*make room'
else
  echo "skipped a disk that is nearly full: it takes root and tmpfs"
fi

env --default-signal=INT "$prefstream" serve --data-dir served --http-port 0 --kafka-port 29092 --registry-port 28081 >serve.log 2>&1 &
serve=$!
until grep -q 'Kafka on' serve.log; do kill -0 $serve; sleep 0.3; done
code=0; "$prefstream" serve --data-dir served --http-port 0 --kafka-port 29093 --registry-port 28082 >taken.log 2>&1 || code=$?
check "a folder that another serves" 1 $code taken.log "another prefstream \(pid $serve\) serves served: stop it with: kill $serve"
code=0; "$prefstream" serve --data-dir other --http-port 0 --kafka-port 29092 --registry-port 28082 >port.log 2>&1 || code=$?
check "a port that is taken" 1 $code port.log 'port 29092 is taken.*--kafka-port'
code=0; "$prefstream" serve --data-dir other --http-port 0 --kafka-port 29093 --registry-port 28081 >port2.log 2>&1 || code=$?
check "a registry port that is taken" 1 $code port2.log 'port 28081 is taken.*--registry-port'
code=0; "$prefstream" topics --data-dir served >topics.log 2>&1 || code=$?
check "topics of a live process" 0 $code topics.log '^verdicts '
kill -INT $serve
code=0; wait $serve || code=$?
check "Ctrl-C on serve" 130 $code serve.log 'Kafka on'
[ ! -e served/process.json ] || { echo "FAILED: process.json was left behind"; failed=1; }

sample=$home/services/runner/src/main/resources/sample
"$prefstream" curate "$sample/pairs.jsonl" --out stopped --progress json --rounds 1 >first.log 2>&1 &
curate=$!
until grep -qE '"embedded":[1-9]' first.log; do kill -0 $curate; sleep 0.1; done
kill -TERM $curate
code=0; wait $curate || code=$?
check "SIGTERM in the middle" 143 $code first.log 'stopped.*run the same command again'
code=0; "$prefstream" curate "$sample/pairs.jsonl" --out stopped --progress none --rounds 1 >second.log 2>&1 || code=$?
check "going on after it" 0 $code second.log '640 rows read'
exit $failed
