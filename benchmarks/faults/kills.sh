#!/usr/bin/env bash
# Ends a gpfm command at random moments by SIGTERM and SIGINT in turn, and looks at what it leaves.
#
#   kills.sh JAR KIND COUNT [SECONDS]       KIND: embed, extract, distill or serve
#
# A signal that comes before the JVM has begun our program (it says "Error occurred during initialization of VM")
# is counted apart. Of the others a kill is well when the command ends within 40 s with exit code 143 or 130 (0 where
# it was done before the signal came), leaves no part file, no hs_err log and no stack trace. Every tenth time the
# command then runs to its end in the same folder, which must go well: what the kills left is no hindrance. Needs
# GNU coreutils and curl; GPFM_JAVA_OPTIONS go to java. Works in a new folder below TMPDIR, which is kept if
# something went wrong.
set -u
jar=$(realpath "$1") kind=$2 count=$3 longest=${4:-6}
work=$(mktemp -d "${TMPDIR:-/tmp}/gpfm-kills-$kind.XXXXXX")
cd "$work" || exit 1
options=${GPFM_JAVA_OPTIONS:--Xmx400m}
gpfm() { # In the background a shell ignores SIGINT, and its children with it.
  # shellcheck disable=SC2086
  exec env --default-signal=INT,TERM java $options -jar "$jar" "$@"
}
milliseconds() { echo $(($(date +%s%N) / 1000000)); }

(gpfm sample --out slides/a.tif --width 2560 --height 2560 --seed 3) > sample.log 2>&1 || exit 1
(gpfm sample --out slides/b.tif --width 2560 --height 2560 --seed 4) >> sample.log 2>&1 || exit 1
(gpfm extract slides/a.tif --out shards --tile-size 224 --mpp 0.5 --format png) > extract.log 2>&1
command() {
  case $kind in
    embed) gpfm embed slides/a.tif slides/b.tif --out out --batch-size 2 --tile-size 128 --mpp 0.25 ;;
    extract) gpfm extract slides/a.tif slides/b.tif --out out --tile-size 96 --mpp 0.25 --format png --shard-size 40 ;;
    distill) gpfm distill --config tiny --data shards --out out ;;
    serve) gpfm serve --port 0 ;;
    *) echo "KIND is embed, extract, distill or serve." >&2; exit 2 ;;
  esac
}
clients() { # Requests for as long as the service answers.
  local port
  for _ in $(seq 100); do
    port=$(sed -n 's|.*127.0.0.1:\([0-9]*\)/embed.*|\1|p' stdout)
    [ -n "$port" ] && break
    sleep 0.1
  done
  [ -n "$port" ] || return
  while curl -s -o /dev/null -m 30 --data-binary @tile.png "http://127.0.0.1:$port/embed"; do :; done
}
[ "$kind" != serve ] || (gpfm region slides/a.tif 900 900 0 256 256 --out tile.png) > region.log 2>&1 || exit 1

declare -A seen=()
wrong=0 slowest=0 before=0
fail() { wrong=$((wrong + 1)); echo "kill $1: $2"; cp stdout "stdout.$1"; cp stderr "stderr.$1"; }
for i in $(seq "$count"); do
  signal=$([ $((i % 2)) = 0 ] && echo TERM || echo INT)
  command > stdout 2> stderr &
  pid=$!
  [ "$kind" = serve ] && { clients & a=$!; clients & b=$!; }
  delay=$((RANDOM % (longest * 1000)))
  sleep "$((delay / 1000)).$(printf %03d $((delay % 1000)))"
  sent=$(milliseconds)
  kill -"$signal" "$pid" 2> /dev/null
  timeout 40 tail -s 0.05 --pid="$pid" -f /dev/null || kill -KILL "$pid"
  wait "$pid"; code=$?
  took=$(($(milliseconds) - sent)); [ $took -gt $slowest ] && slowest=$took
  [ "$kind" = serve ] && { kill "$a" "$b" 2> /dev/null; wait "$a" "$b" 2> /dev/null; }
  seen[$signal-$code]=$((${seen[$signal-$code]:-0} + 1))
  expected=$([ $signal = TERM ] && echo 143 || echo 130)
  if grep -q "during initialization of VM" stdout; then before=$((before + 1)); continue; fi
  [ $code = $expected ] || { [ $code = 0 ] && [ "$kind" != serve ]; } || fail "$i" "SIG$signal after $delay ms: exit $code"
  ls hs_err* core* > /dev/null 2>&1 && { fail "$i" "the JVM crashed"; mkdir -p "crash.$i"; mv hs_err* core* "crash.$i" 2> /dev/null; }
  left=$(find . -name '*.part' | head -3); [ -z "$left" ] || fail "$i" "left $left"
  grep -qE '^\s+at |Exception in|Internal error' stderr && fail "$i" "$(grep -m1 -E 'Exception|Internal error' stderr)"
  if [ $((i % 10)) = 0 ] && [ "$kind" != serve ]; then
    if [ "$kind" != distill ]; then
      (command) > stdout 2> stderr || fail "$i" "the run after it failed: $(tail -1 stderr)"
    fi
    rm -rf out
  fi
done
for key in "${!seen[@]}"; do echo "  SIG$key: ${seen[$key]}"; done
echo "$kind: $count kills, $wrong wrong, $before before the program began, slowest end $slowest ms"
[ $wrong = 0 ] && cd / && rm -rf "$work"
[ $wrong = 0 ]
