"""From slide to network input, peers and gpfm in turns: reads a second and processor time.

usage: tile_speed.py SLIDE [--seconds S] [--rounds N] [--threads N] [--java 'java -cp … CLASS']

Each contestant runs in a process of its own, one after the other, N rounds; the best round of each
counts. Random 512 x 512 reads of level 0, an array each, and the same with an antialiased bicubic
resize to 224 x 224. --java is the command that starts io.github.gpfm.benchmarks.TileSpeed.
"""

import argparse
import importlib.metadata
import random
import shlex
import subprocess
import sys
import threading
import time

EDGE = 512
PEERS = ["fastslide", "openslide", "tiffslide"]
PACKAGES = ["fastslide", "openslide-python", "openslide-bin", "tiffslide", "torch", "torchvision", "pillow"]


def reader(name, path):
    import numpy as np

    size = (EDGE, EDGE)
    if name == "fastslide":
        import fastslide

        slide = fastslide.FastSlide.from_file_path(path)
        return slide.dimensions, lambda at: slide.read_region(at, 0, size).numpy()
    if name == "openslide":
        import openslide

        slide = openslide.OpenSlide(path)
        return slide.dimensions, lambda at: slide.read_region(at, 0, size)
    import tiffslide

    slide = tiffslide.TiffSlide(path)
    return slide.dimensions, lambda at: slide.read_region(at, 0, size, as_array=True)


def resizing():
    import numpy as np
    import torch
    from torchvision.transforms import InterpolationMode
    from torchvision.transforms import functional

    torch.set_num_threads(1)

    def resize(image):
        array = np.asarray(image)[..., :3]
        tensor = torch.from_numpy(np.ascontiguousarray(array)).permute(2, 0, 1)[None]
        return functional.resize(tensor, [224, 224], InterpolationMode.BICUBIC, antialias=True)

    return resize


def measure(label, read, dimensions, seconds, threads):
    width, height = dimensions
    counts = [0] * threads

    def work(index):
        rng = random.Random(index)
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            read((rng.randrange(width - EDGE), rng.randrange(height - EDGE)))
            counts[index] += 1

    cpu, start = time.process_time(), time.perf_counter()
    workers = [threading.Thread(target=work, args=(i,)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    done = sum(counts)
    print(label, threads, f"{done / wall:.2f}", f"{1000 * used / done:.4f}", flush=True)


def peer(name, path, seconds, threads):
    dimensions, read = reader(name, path)
    measure("# warm-up", read, dimensions, seconds / 2, threads)
    measure(f"{name} array", read, dimensions, seconds, threads)
    if name == "fastslide":
        resize = resizing()
        measure(f"{name} input", lambda at: resize(read(at)), dimensions, seconds, threads)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("slide")
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--java")
    parser.add_argument("--peer", help="for the processes that this starts")
    args = parser.parse_args()
    if args.peer:
        peer(args.peer, args.slide, args.seconds, args.threads)
        return
    for package in PACKAGES:
        print(package, importlib.metadata.version(package))
    numbers = [args.slide, str(args.seconds), str(args.threads)]
    commands = [
        [sys.executable, __file__, args.slide, "--seconds", str(args.seconds)]
        + ["--threads", str(args.threads), "--peer", name]
        for name in PEERS
    ]
    if args.java:
        commands.append(shlex.split(args.java) + numbers + ["1"])
    best = {}
    for _ in range(args.rounds):
        for command in commands:
            lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            for line in lines.splitlines():
                if line.startswith("#"):
                    continue
                name, what, _, rate, cpu = line.split()
                old = best.get((name, what), (0, float("inf")))
                best[name, what] = max(old[0], float(rate)), min(old[1], float(cpu))
    print(f"{args.threads} thread(s), best of {args.rounds}: reads/s, ms of processor a read")
    for (name, what), (rate, cpu) in sorted(best.items()):
        print(f"{name:10} {what:6} {rate:8.1f} {cpu:8.3f}")


if __name__ == "__main__":
    main()
