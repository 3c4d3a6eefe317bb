package io.github.gpfm.benchmarks;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.Tile;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Sixteen threads read random regions of several slides, pass after pass. Each region must have the
 * pixels that one thread read before; resident memory, heap, open files and mappings are printed
 * after each pass and should not grow after the first.
 *
 * <p>Arguments: reader, regions a pass, passes, slides.
 */
public final class SlideSoak {
  private static final int THREADS = 16;
  private static final int LARGEST = 256;

  private SlideSoak() {}

  /** By hand; see the class. */
  public static void main(String[] args)
      throws IOException, InterruptedException, ExecutionException {
    if (args.length < 4) {
      throw new IllegalArgumentException("SlideSoak READER REGIONS PASSES SLIDE...");
    }
    String reader = args[0];
    int slides = args.length - 3;
    int each = Math.max(1, Integer.parseInt(args[1]) / slides);
    report("start");
    Map<Path, Map<Tile, Integer>> expected = new LinkedHashMap<>();
    for (String slide : Arrays.asList(args).subList(3, args.length)) {
      expected.put(Path.of(slide), readAlone(Path.of(slide), reader, each));
    }
    report("one thread, " + each * slides + " regions");
    for (int pass = 1; pass <= Integer.parseInt(args[2]); pass++) {
      for (Map.Entry<Path, Map<Tile, Integer>> slide : expected.entrySet()) {
        readTogether(slide.getKey(), reader, slide.getValue());
      }
      report("pass " + pass + ", " + THREADS + " threads, " + each * slides + " regions");
    }
  }

  private static Map<Tile, Integer> readAlone(Path path, String reader, int count) {
    Random random = new Random(7);
    Map<Tile, Integer> prints = new LinkedHashMap<>();
    try (Slide slide = Slides.open(path, reader)) {
      for (int i = 0; i < count; i++) {
        SlideLevel level = slide.levels().get(random.nextInt(slide.levels().size()));
        Tile region =
            new Tile(
                (long) (random.nextDouble() * slide.width()),
                (long) (random.nextDouble() * slide.height()),
                level.index(),
                1 + random.nextInt(LARGEST),
                1 + random.nextInt(LARGEST));
        prints.put(region, fingerprint(slide, region));
      }
    }
    return prints;
  }

  private static void readTogether(Path path, String reader, Map<Tile, Integer> expected)
      throws InterruptedException, ExecutionException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (Slide slide = Slides.open(path, reader)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (Tile region : expected.keySet()) {
        tasks.add(() -> fingerprint(slide, region));
      }
      List<Future<Integer>> results = pool.invokeAll(tasks);
      int at = 0;
      for (Map.Entry<Tile, Integer> region : expected.entrySet()) {
        if (!region.getValue().equals(results.get(at++).get())) {
          throw new IllegalStateException(path + ": other pixels at " + region.getKey());
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** A damaged tile is damaged for every thread. */
  private static int fingerprint(Slide slide, Tile region) {
    try {
      BufferedImage image =
          slide.readRegion(region.x(), region.y(), region.level(), region.width(), region.height());
      return Arrays.hashCode(((DataBufferInt) image.getRaster().getDataBuffer()).getData());
    } catch (SlideFormatException e) {
      return -1;
    }
  }

  private static void report(String label) throws IOException {
    Runtime runtime = Runtime.getRuntime();
    System.gc();
    long heap = (runtime.totalMemory() - runtime.freeMemory()) >> 20;
    System.out.printf(
        "%s: resident %d MB, heap in use %d MB, open files %d, mappings %d%n",
        label,
        Memory.resident(),
        heap,
        entries(Path.of("/proc/self/fd")),
        Files.exists(Path.of("/proc/self/maps"))
            ? Files.readAllLines(Path.of("/proc/self/maps")).size()
            : -1);
  }

  private static long entries(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }
}
