package io.github.gpfm.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.slideio.JpegRuntime;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.grid.TileReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * From slide to network input: random 512 x 512 reads, into an image and into an array that is used
 * again, and tiles of a grid with the exact resize to 224 x 224. For each the wall-clock rate and
 * the processor time of one, which other work on the machine disturbs less.
 *
 * <p>Arguments: SLIDE SECONDS THREADS ROUNDS [READER]. The first round warms up and is not printed.
 */
public final class TileSpeed {
  private static final int EDGE = 512;

  private TileSpeed() {}

  private interface Work {
    void run(SplittableRandom random, int[] argb);
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws InterruptedException {
    double seconds = Double.parseDouble(args[1]);
    int threads = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[3]);
    String reader = args.length > 4 ? args[4] : "builtin";
    System.out.printf(
        Locale.ROOT, "# JPEG by %s%n", JpegRuntime.library().orElse("Java's decoder"));
    Preprocessor preprocessor = new Preprocessor(Preprocessing.GPFM);
    try (Slide slide = Slides.open(Path.of(args[0]), reader)) {
      long width = slide.width() - EDGE;
      long height = slide.height() - EDGE;
      TileReader tiles = new TileReader(slide, grid(slide));
      for (int round = 0; round <= rounds; round++) {
        boolean print = round > 0;
        measure(
            reader + " image",
            print,
            seconds,
            threads,
            (random, argb) ->
                slide.readRegion(random.nextLong(width), random.nextLong(height), 0, EDGE, EDGE));
        measure(
            reader + " array",
            print,
            seconds,
            threads,
            (random, argb) ->
                slide.readRegion(
                    random.nextLong(width), random.nextLong(height), 0, EDGE, EDGE, argb));
        measure(
            reader + " input",
            print,
            seconds,
            threads,
            (random, argb) -> preprocessor.apply(tiles.read(random.nextInt(tiles.grid().size()))));
      }
    }
  }

  private static TileGrid grid(Slide slide) {
    int across = (int) (slide.width() / EDGE);
    int down = (int) (slide.height() / EDGE);
    long[] coords = new long[2 * across * down];
    for (int i = 0; i < across * down; i++) {
      coords[2 * i] = (long) i % across * EDGE;
      coords[2 * i + 1] = (long) i / across * EDGE;
    }
    return TileGrid.of(new TileGeometry(0, EDGE, EDGE, EDGE, EDGE, 1.0), coords);
  }

  private static void measure(String what, boolean print, double seconds, int threads, Work work)
      throws InterruptedException {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    AtomicLong count = new AtomicLong();
    List<Thread> all = new ArrayList<>();
    long cpu = system.getProcessCpuTime();
    long start = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      SplittableRandom random = new SplittableRandom(t);
      int[] argb = new int[EDGE * EDGE];
      Thread thread =
          new Thread(
              () -> {
                while (System.nanoTime() - start < seconds * 1e9) {
                  work.run(random, argb);
                  count.incrementAndGet();
                }
              });
      thread.start();
      all.add(thread);
    }
    for (Thread thread : all) {
      thread.join();
    }
    double wall = (System.nanoTime() - start) / 1e9;
    double used = (system.getProcessCpuTime() - cpu) / 1e6;
    if (print) {
      System.out.printf(
          Locale.ROOT, "%s %d %.2f %.4f%n", what, threads, count.get() / wall, used / count.get());
    }
  }
}
