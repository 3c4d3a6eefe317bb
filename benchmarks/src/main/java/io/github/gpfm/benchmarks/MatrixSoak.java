package io.github.gpfm.benchmarks;

import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.picture.Thumbnail;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two threads draw and segment a slide over and over while a third fills the heap, so that OpenCV's
 * matrices are finalized as early as Java may: a matrix that is freed while native code still uses
 * it ends the process with a crash. With glibc's own checks it shows within seconds:
 *
 * <pre>{@code
 * LD_PRELOAD=libc_malloc_debug.so.0 MALLOC_CHECK_=3 MALLOC_PERTURB_=165 java -Xmx200m -Xmn3m \
 *   -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp … io.github.gpfm.benchmarks.MatrixSoak SLIDE 60
 * }</pre>
 *
 * <p>Arguments: slide, seconds.
 */
public final class MatrixSoak {
  private static final int GARBAGE = 4096;

  private MatrixSoak() {}

  /** By hand; see the class. */
  public static void main(String[] args) throws InterruptedException {
    Path file = Path.of(args[0]);
    long end = System.nanoTime() + Long.parseLong(args[1]) * 1_000_000_000L;
    AtomicInteger rounds = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Thread thread = new Thread(() -> work(file, end, rounds));
      thread.start();
      threads.add(thread);
    }
    List<byte[]> garbage = new ArrayList<>();
    while (System.nanoTime() < end) {
      garbage.add(new byte[GARBAGE]);
      if (garbage.size() > 64) {
        garbage.clear();
      }
    }
    for (Thread thread : threads) {
      thread.join();
    }
    System.out.println(rounds + " rounds");
  }

  private static void work(Path file, long end, AtomicInteger rounds) {
    ClamSegmenter segmenter = new ClamSegmenter(SegmentationParameters.OFFICIAL);
    try (Slide slide = Slides.open(file)) {
      while (System.nanoTime() < end) {
        Thumbnail.of(slide, 200 + rounds.incrementAndGet() % 50);
        segmenter.segment(slide);
      }
    }
  }
}
