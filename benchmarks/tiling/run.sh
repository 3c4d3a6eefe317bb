#!/bin/sh
# Whole-process segmentation + coordinates: gpfm.jar against the official Python patcher.
# usage: run.sh PATCHER SLIDE...   (python3 with cv2, openslide, h5py; a built gpfm)
# Prints wall seconds and peak memory of each, alternating, and the ratio of the medians.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
gpfm=$here/../../gpfm
python=${PYTHON:-python3}
patcher=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
measure() {
  name=$1
  shift
  /usr/bin/env "$python" - "$name" "$@" <<'PY'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(sys.argv[2:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(sys.argv[1], round(time.time() - start, 3), "s wall,",
      round(usage.ru_utime + usage.ru_stime, 2), "s cpu,", usage.ru_maxrss // 1024, "MB")
PY
}
for run in ${RUNS:-1 2 3}; do
  measure official "$python" "$here/official.py" "$patcher" "$work/official$run" "$@" | tee -a "$work/log"
  measure gpfm "$gpfm" tile "$@" --out "$work/gpfm$run" --layout clam --no-pictures --reader openslide | tee -a "$work/log"
done
"$python" - "$work" <<'PY'
import glob, os, statistics, sys
import h5py
rows = [line.split() for line in open(sys.argv[1] + "/log")]
median = {n: statistics.median(float(r[1]) for r in rows if r[0] == n) for n in ("official", "gpfm")}
print("median: official %.2f s, gpfm %.2f s, ratio %.2f"
      % (median["official"], median["gpfm"], median["official"] / median["gpfm"]))
same = 0
for file in glob.glob(sys.argv[1] + "/official1/*.h5"):
    ours = sys.argv[1] + "/gpfm1/" + os.path.basename(file)
    assert (h5py.File(file)["coords"][:] == h5py.File(ours)["coords"][:]).all(), file
    same += 1
print(same, "slides with equal coordinates in equal order")
PY
