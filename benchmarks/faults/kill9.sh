#!/usr/bin/env bash
# Kills a command with SIGKILL at random moments, runs it again, and compares what it wrote with an uninterrupted run,
# byte for byte:
#
#     benchmarks/faults/kill9.sh embed|extract|cache|distill|bench ROUNDS DIR
#
# DIR is made, and holds the inputs, the uninterrupted run (whole) and the last round (killed). Compared are all files
# but those that say how long something took (report.html, summary.json, logs). Ends with 1 at the first difference.
# GPFM=path/to/gpfm, SEED=1 for other moments.
set -euo pipefail
[ $# = 3 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2; }
command=$1 rounds=$2
gpfm=${GPFM:-$(cd "$(dirname "$0")/../.." && pwd)/gpfm}
mkdir -p "$3" && cd "$3"
export SOURCE_DATE_EPOCH=1700000000
RANDOM=${SEED:-1}

if [ ! -d in ]; then
  mkdir -p in.part/slides
  for i in 1 2 3 4; do
    "$gpfm" sample --out "in.part/slides/s$i.tif" --width 2048 --height 1792 --seed "$i" > /dev/null
    rm -f in.part/slides/s$i-*
  done
  "$gpfm" bench --demo in.part/demo > /dev/null
  sed -i -E 's/epochs: [0-9]+/epochs: 2/g; /name: blurred/d' in.part/demo/tasks.yaml
  mv in.part in
fi

run() { # OUT
  local grid="--tile-size 112 --mpp 0.5"
  case $command in
    embed) "$gpfm" embed in/slides --out "$1" $grid ;;
    extract) "$gpfm" extract in/slides --out "$1" $grid --shard-size 50 ;;
    cache) "$gpfm" cache --data in/slides/*.tif --out "$1/cache.safetensors" $grid ;;
    distill)
      "$gpfm" distill --config tiny --data in/slides/*.tif --out "$1" $grid --set train.batch=8 --set train.epoch-length=8 \
        --set optim.epochs=2 --set train.checkpoint-every=4
      ;;
    bench) "$gpfm" bench --config in/demo/tasks.yaml --out "$1" ;;
    *) echo "unknown command $command" >&2; exit 2 ;;
  esac
}

listing() { # DIR: a line a file, with its hash
  (cd "$1" && find . -type f ! -path './.gpfm/*' ! -name report.html ! -name curves.html ! -name summary.json \
    ! -name '*.log' ! -name '*.tfevents*' ! -name metrics.jsonl | LC_ALL=C sort | xargs -d '\n' sha256sum
    [ ! -f metrics.jsonl ] || sed -E 's/"tiles_per_second":[^,]*,//' metrics.jsonl | sha256sum | sed 's/-$/metrics.jsonl/')
}

if [ ! -d "whole-$command" ]; then
  began=$(date +%s%N)
  mkdir -p "whole-$command.part"
  run "whole-$command.part" > "whole-$command.log" 2>&1 || { tail -3 "whole-$command.log" >&2; exit 1; }
  echo $(( ($(date +%s%N) - began) / 1000000 )) > "whole-$command.ms"
  mv "whole-$command.part" "whole-$command"
fi
whole=$(cat "whole-$command.ms")
listing "whole-$command" > "whole-$command.sums"
echo "$command: uninterrupted in $whole ms, $(wc -l < "whole-$command.sums") files compared"

for ((round = 1; round <= rounds; round++)); do
  out=whole-$command.part # the same name as the uninterrupted run had, since provenance names paths
  rm -rf "$out" && mkdir -p "$out"
  after=$((whole * (RANDOM % 90 + 5) / 100))
  run "$out" > killed.log 2>&1 &
  pid=$!
  sleep "$((after / 1000)).$(printf %03d $((after % 1000)))"
  # The JVM may be a child of the launcher.
  pkill -KILL -P "$pid" 2> /dev/null || true
  kill -KILL "$pid" 2> /dev/null || true
  wait "$pid" 2> /dev/null || true
  had=$(find "$out" -type f | wc -l)
  run "$out" > again.log 2>&1 || { echo "round $round: failed after a kill at $after ms:"; tail -3 again.log; exit 1; }
  listing "$out" > killed.sums
  if ! diff "whole-$command.sums" killed.sums; then
    echo "round $round: differs after a kill at $after ms ($had files then)"
    exit 1
  fi
  left=$(find "$out" -mindepth 1 -name '*.part' | wc -l)
  [ "$left" = 0 ] || { echo "round $round: $left part files left"; exit 1; }
  echo "round $round: killed at $after ms with $had files, equal"
done
rm -rf "whole-$command.part"
