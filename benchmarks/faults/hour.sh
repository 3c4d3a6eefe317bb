#!/usr/bin/env bash
# Embeds slides again and again while something goes wrong, and looks at what is lost: nothing may be.
#
#   hour.sh JAR [MINUTES]
#
# Faults, at random moments: kill -9, SIGTERM, a full disk, a slide that vanishes. After each, every finished result
# must still be that of an undisturbed run, to the byte. After every fourth, a run without a fault must complete the
# folder and leave no part file. The disk is a small tmpfs, for which the user has to be root; for others the size of
# a file is limited instead (ulimit). Works in a new folder below TMPDIR, which is kept if something went wrong.
set -u
jar=$(realpath "$1") minutes=${2:-60}
work=$(mktemp -d "${TMPDIR:-/tmp}/gpfm-hour.XXXXXX")
cd "$work" || exit 1
options=${GPFM_JAVA_OPTIONS:--Xmx400m}
gpfm() {
  # shellcheck disable=SC2086
  exec env --default-signal=INT,TERM java $options -jar "$jar" "$@"
}
embed() { gpfm embed slides --out "$1" --format npy --batch-size 2 --tile-size 128 --mpp 0.5; }
for seed in 1 2 3 4 5; do
  (gpfm sample --out slides/s$seed.tif --width 1536 --height 1536 --seed $seed) > sample.log 2>&1 || exit 1
done
rm -f slides/*.png slides/*.json slides/*.geojson
(embed reference) > reference.log 2>&1 || { tail -3 reference.log; exit 1; }
mkdir out
disk=ulimit
if mount -t tmpfs -o size=8m tmpfs out 2> /dev/null; then
  disk=tmpfs
  trap 'umount "$work/out"' EXIT
fi
declare -A seen=()
wrong=0 runs=0 whole=0
fail() { wrong=$((wrong + 1)); echo "run $runs ($fault): $1"; cp stderr "stderr.$runs"; }
intact() {
  local file
  for file in out/*.npy; do
    [ -e "$file" ] || continue
    cmp -s "$file" "reference/${file#out/}" || fail "$file is not what an undisturbed run writes"
  done
}
end=$(($(date +%s) + 60 * minutes))
while [ "$(date +%s)" -lt $end ]; do
  runs=$((runs + 1))
  fault=$(shuf -n 1 -e kill9 term full vanish)
  delay=$(shuf -i 0-6 -n 1).$(shuf -i 0-9 -n 1)
  case $fault in
    full)
      if [ $disk = tmpfs ]; then
        # Some room is left, so that it is at another file each time that the disk is full.
        head -c $((8 * 1024 * 1024 - $(du -sb out | cut -f1) - $(shuf -i 1-400 -n 1) * 1024)) /dev/zero > out/ballast 2> /dev/null
        (embed out) > stdout 2> stderr; code=$?
        rm -f out/ballast
      else
        (ulimit -f "$(shuf -i 1-40 -n 1)"; embed out) > stdout 2> stderr; code=$?
      fi ;;
    *)
      embed out > stdout 2> stderr & pid=$!
      sleep "$delay"
      case $fault in
        kill9) kill -KILL $pid 2> /dev/null ;;
        term) kill -TERM $pid 2> /dev/null ;;
        vanish) slide=$(shuf -n 1 -e slides/*.tif); mv "$slide" gone ;;
      esac
      wait $pid; code=$?
      [ "$fault" = vanish ] && mv gone "$slide" ;;
  esac
  seen[$fault-$code]=$((${seen[$fault-$code]:-0} + 1))
  grep -qE '^\s+at |Exception in|Internal error' stderr && fail "$(grep -m1 -E 'Exception|Internal error' stderr)"
  ls hs_err* core* > /dev/null 2>&1 && fail "the JVM crashed"
  intact
  if [ $((runs % 4)) = 0 ]; then
    fault="none, after $fault"
    (embed out) > stdout 2> stderr || fail "a run without a fault failed: $(tail -1 stderr)"
    intact
    [ "$(ls out/*.npy | wc -l)" = "$(ls reference/*.npy | wc -l)" ] || fail "results are missing"
    left=$(find out -name '*.part'); [ -z "$left" ] || fail "left $left"
    whole=$((whole + 1))
    # The next round begins with some of the results.
    rm -f out/*.html
    for file in $(shuf -n 3 -e out/s?.npy); do rm -f "$file"; done
  fi
done
for key in "${!seen[@]}"; do echo "  $key: ${seen[$key]}"; done
echo "$runs runs with a fault (disk: $disk), $whole without, $wrong wrong"
[ $wrong = 0 ]
