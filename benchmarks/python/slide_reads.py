"""Random 512x512 level-0 reads a second through openslide-python.

usage: slide_reads.py SLIDE [SECONDS [THREADS]]
"""

import random
import sys
import threading
import time

import openslide

EDGE = 512


def work(slide, seconds, counts, index):
    rng = random.Random(index)
    width, height = slide.dimensions
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        x = rng.randrange(max(1, width - EDGE))
        y = rng.randrange(max(1, height - EDGE))
        slide.read_region((x, y), 0, (EDGE, EDGE))
        counts[index] += 1


def main():
    path = sys.argv[1]
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10
    threads = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    slide = openslide.OpenSlide(path)
    for phase in ("warm-up", "measured"):
        counts = [0] * threads
        workers = [
            threading.Thread(target=work, args=(slide, seconds, counts, i))
            for i in range(threads)
        ]
        start = time.perf_counter()
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        rate = sum(counts) / (time.perf_counter() - start)
    print(
        f"openslide-python {openslide.__version__} on libopenslide"
        f" {openslide.__library_version__}, {threads} thread(s): {rate:.1f} reads/s"
    )


if __name__ == "__main__":
    main()
