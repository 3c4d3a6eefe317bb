package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.api.Tile;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Sixteen threads on one slide read the pixels that one thread reads. {@code
 * -Dgpfm.concurrency.regions=20000} reads that many regions a reader and prints the process's
 * memory before and after.
 */
class ConcurrencyParityTest {
  private static final int THREADS = 16;

  @ParameterizedTest
  @ValueSource(strings = {"openslide", "builtin"})
  void threadsSeeWhatOneThreadSees(String reader)
      throws InterruptedException, ExecutionException, IOException {
    Assumptions.assumeTrue(reader.equals("builtin") || OpenSlideRuntime.version().isPresent());
    int total = Integer.getInteger("gpfm.concurrency.regions", 640);
    List<SlideFixture> fixtures = SlideFixture.readable();
    int each = Math.max(1, total / fixtures.size());
    long before = residentKilobytes();
    for (SlideFixture fixture : fixtures) {
      readFromManyThreads(fixture, reader, each);
    }
    System.out.printf(
        "%s: %d regions on %d threads; resident memory %d MB before, %d MB after%n",
        reader, each * fixtures.size(), THREADS, before / 1024, residentKilobytes() / 1024);
  }

  @ParameterizedTest
  @ValueSource(strings = {"openslide", "builtin"})
  void closingWaitsForReadersAndLaterReadsAreRefused(String reader)
      throws InterruptedException, ExecutionException {
    Assumptions.assumeTrue(reader.equals("builtin") || OpenSlideRuntime.version().isPresent());
    SlideFixture fixture = SlideFixture.readable().get(0);
    for (int round = 0; round < 8; round++) {
      Slide slide = Slides.open(fixture.slide(), reader);
      ExecutorService pool = Executors.newFixedThreadPool(THREADS);
      try {
        List<Future<Boolean>> outcomes = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
          outcomes.add(pool.submit(() -> readUntilClosed(slide)));
        }
        slide.readRegion(0, 0, 0, 64, 64);
        slide.close();
        slide.close();
        for (Future<Boolean> outcome : outcomes) {
          assertTrue(outcome.get());
        }
      } finally {
        pool.shutdownNow();
      }
      assertThrows(SlideClosedException.class, () -> slide.readRegion(0, 0, 0, 1, 1));
      assertThrows(SlideClosedException.class, slide::levels);
      assertThrows(SlideClosedException.class, slide::iccProfile);
      assertEquals(fixture.slide(), slide.path());
    }
  }

  private static boolean readUntilClosed(Slide slide) {
    for (int i = 0; i < 100_000; i++) {
      try {
        slide.readRegion(i % 100, i % 77, 0, 64, 64);
      } catch (SlideClosedException e) {
        return true;
      }
    }
    return false;
  }

  private static void readFromManyThreads(SlideFixture fixture, String reader, int count)
      throws InterruptedException, ExecutionException {
    List<Tile> regions = regions(fixture, count);
    int[] single = new int[regions.size()];
    try (Slide slide = Slides.open(fixture.slide(), reader)) {
      for (int i = 0; i < single.length; i++) {
        single[i] = fingerprint(slide, regions.get(i));
      }
    }
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try (Slide slide = Slides.open(fixture.slide(), reader)) {
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (Tile region : regions) {
        tasks.add(() -> fingerprint(slide, region));
      }
      List<Future<Integer>> results = pool.invokeAll(tasks);
      for (int i = 0; i < single.length; i++) {
        assertEquals(single[i], results.get(i).get(), fixture + " " + regions.get(i));
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

  private static List<Tile> regions(SlideFixture fixture, int count) {
    Random random = new Random(7);
    List<Tile> regions = new ArrayList<>();
    try (Slide slide = Slides.open(fixture.slide(), "builtin")) {
      for (int i = 0; i < count; i++) {
        SlideLevel level = slide.levels().get(random.nextInt(slide.levels().size()));
        regions.add(
            new Tile(
                (long) (random.nextDouble() * slide.width()),
                (long) (random.nextDouble() * slide.height()),
                level.index(),
                1 + random.nextInt(256),
                1 + random.nextInt(256)));
      }
    }
    return regions;
  }

  private static long residentKilobytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.isReadable(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElse(0);
  }
}
