#!/bin/sh
# Runs the project's tests on the CUDA build of PyTorch, on a machine with or without a GPU.
# Usage: benchmarks/gpu/natives.sh VENV [MAVEN ARGUMENTS]
#   VENV: a Python environment with `pip install torch==2.7.1` (Linux, about 5 GB; Python is not run here).
#   default arguments: the parity suites of the encoder and of distillation.
# Without a driver a stub libcuda.so.1 is built with cc; then everything runs on the CPU of the CUDA build.
set -eu
[ $# -ge 1 ] || { echo "usage: $0 VENV [MAVEN ARGUMENTS]" >&2; exit 2; }
root=$(cd "$(dirname "$0")/../.." && pwd)
torch=$(find "$1"/lib/python3*/site-packages/torch/lib -maxdepth 0 2>/dev/null | head -n 1)
[ -n "$torch" ] || { echo "$1 has no torch: '$1/bin/pip install torch==2.7.1'" >&2; exit 1; }
packages=$(dirname "$(dirname "$torch")")
libraries=$torch
for folder in "$packages"/nvidia/*/lib "$packages"/cusparselt/lib; do
  [ -d "$folder" ] && libraries=$libraries:$folder
done
if ! ldconfig -p | grep -q 'libcuda\.so\.1'; then
  stub=$(mktemp -d)
  trap 'rm -rf "$stub"' EXIT
  cc -shared -fPIC -Wl,-soname,libcuda.so.1 -o "$stub/libcuda.so.1" "$root/benchmarks/gpu/stub_driver.c"
  libraries=$libraries:$stub
  echo "no NVIDIA driver here: a stub lets the CUDA build load; nothing below runs on a GPU"
fi
PYTORCH_LIBRARY_PATH=$torch PYTORCH_VERSION=2.7.1 PYTORCH_FLAVOR=cu128
LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export PYTORCH_LIBRARY_PATH PYTORCH_VERSION PYTORCH_FLAVOR LD_LIBRARY_PATH
shift
[ $# -gt 0 ] || set -- -pl gpfm-encoder,gpfm-distill -am '-Dtest=*ParityTest' -Dsurefire.failIfNoSpecifiedTests=false test
cd "$root"
mvn -B -ntp "$@"
