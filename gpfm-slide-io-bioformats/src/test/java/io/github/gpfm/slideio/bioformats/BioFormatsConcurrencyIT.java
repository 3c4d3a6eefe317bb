package io.github.gpfm.slideio.bioformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.slideio.Slides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sixteen threads read what one thread reads. {@code -Dgpfm.bioformats.regions=N} sets how many
 * regions all slides together are asked for; the process's resident memory is printed.
 */
class BioFormatsConcurrencyIT {
  private static final int THREADS = 16;
  private static final int REGIONS = Integer.getInteger("gpfm.bioformats.regions", 640);

  /** One read: which region of which level. */
  private record Request(long x, long y, int level) {
    static Request random(Slide slide, Random random) {
      SlideLevel level = slide.levels().get(random.nextInt(slide.levels().size()));
      return new Request(
          random.nextLong(slide.width() + 100) - 50,
          random.nextLong(slide.height() + 100) - 50,
          level.index());
    }

    String hash(Slide slide) {
      return Pixels.sha256(slide.readRegion(x, y, level, 128, 96), true);
    }
  }

  static List<RecordedSlide> readable() {
    return RecordedSlide.readable();
  }

  @ParameterizedTest
  @MethodSource("readable")
  void sixteenThreadsReadTheSame(RecordedSlide recorded) throws Exception {
    int regions = Math.max(THREADS, REGIONS / readable().size());
    List<Request> requests = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    try (Slide slide = Slides.open(recorded.slide(), BioFormatsProvider.NAME)) {
      Random random = new Random(31);
      // The whole number of reads goes over distinct regions that one thread has read before.
      for (int i = 0; i < Math.min(regions, 250); i++) {
        requests.add(Request.random(slide, random));
        expected.add(requests.get(i).hash(slide));
      }
    }
    long before = residentKilobytes();
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try (Slide slide = Slides.open(recorded.slide(), BioFormatsProvider.NAME)) {
      AtomicInteger next = new AtomicInteger();
      List<Future<?>> work = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        work.add(
            threads.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < regions; i = next.getAndIncrement()) {
                    int at = i % requests.size();
                    assertEquals(expected.get(at), requests.get(at).hash(slide));
                  }
                }));
      }
      for (Future<?> future : work) {
        future.get();
      }
    } finally {
      threads.shutdownNow();
    }
    System.out.printf(
        "%s: %d regions by %d threads, resident before %d kB, after %d kB%n",
        recorded, regions, THREADS, before, residentKilobytes());
  }

  @Test
  void closingUnderLoadIsNoError() throws Exception {
    RecordedSlide recorded = readable().get(0);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      for (int round = 0; round < 5; round++) {
        Slide slide = Slides.open(recorded.slide(), BioFormatsProvider.NAME);
        AtomicInteger reads = new AtomicInteger();
        List<Future<?>> work =
            IntStream.range(0, THREADS)
                .<Future<?>>mapToObj(
                    thread ->
                        threads.submit(
                            () -> {
                              try {
                                while (true) {
                                  slide.readRegion(thread * 50L, 0, 0, 64, 64);
                                  reads.incrementAndGet();
                                }
                              } catch (SlideClosedException closed) {
                                return;
                              }
                            }))
                .toList();
        while (reads.get() < THREADS) {
          Thread.onSpinWait();
        }
        slide.close();
        for (Future<?> future : work) {
          future.get();
        }
        assertNotEquals(0, reads.get());
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Resident memory by Linux's account, 0 elsewhere. */
  private static long residentKilobytes() throws IOException {
    System.gc();
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .sum();
  }
}
