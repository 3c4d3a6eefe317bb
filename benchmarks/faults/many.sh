#!/usr/bin/env bash
# Embeds thousands of small slides in one run with pictures and report on, and watches resident memory and open files.
#
#   many.sh JAR SLIDES [MINUTES]     ends the run after MINUTES if it has not come to its end
#
# Prints, every 20 s: seconds, finished slides, resident memory in MB, open files. Ends with 0 if the run did. Works in
# a new folder below TMPDIR, which is kept if it did not.
set -u
jar=$(realpath "$1") slides=$2 minutes=${3:-600}
work=$(mktemp -d "${TMPDIR:-/tmp}/gpfm-many.XXXXXX")
cd "$work" || exit 1
options=${GPFM_JAVA_OPTIONS:--Xmx400m}
# shellcheck disable=SC2086
java $options -jar "$jar" sample --out one.tif --width 1536 --height 1536 --seed 3 > sample.log 2>&1 || exit 1
mkdir slides
for i in $(seq "$slides"); do ln one.tif "slides/$i.tif"; done
# shellcheck disable=SC2086
java $options -jar "$jar" embed slides --out out --tile-size 224 --mpp 0.5 > stdout 2> stderr & pid=$!
start=$(date +%s)
echo "seconds slides MB files"
while kill -0 $pid 2> /dev/null; do
  sleep 20
  [ -d /proc/$pid ] || break
  now=$(($(date +%s) - start))
  echo "$now $(find out -maxdepth 1 -name '*.geojson' 2> /dev/null | wc -l) $(($(sed -n 's/VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$pid/status) / 1024)) $(ls /proc/$pid/fd 2> /dev/null | wc -l)"
  if [ $now -gt $((60 * minutes)) ]; then kill -TERM $pid; break; fi
done
wait $pid; code=$?
tail -1 stdout
echo "exit $code; report $(stat -c %s out/report.html 2> /dev/null) bytes"
[ $code = 0 ] && cd / && rm -rf "$work"
[ $code = 0 ]
