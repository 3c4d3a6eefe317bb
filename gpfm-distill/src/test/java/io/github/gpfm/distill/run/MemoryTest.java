package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.testkit.DirectMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resident memory and heap do not grow with the steps. */
class MemoryTest {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int STEPS = 1000;
  private static final int EVERY = 100;

  /** Most resident megabytes gained from the second sample on; the first is still warming up. */
  private static final long RESIDENT = 32;

  /** Most megabytes of heap gained, in use after a collection. */
  private static final long HEAP = 1;

  @TempDir Path folder;

  private record Sample(long step, long resident, long heap) {
    static Sample take(long step) {
      System.gc();
      long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
      try {
        long kilobytes =
            Files.readAllLines(STATUS).stream()
                .filter(line -> line.startsWith("VmRSS"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
        return new Sample(step, kilobytes << 10, heap);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String toString() {
      return "step %d: %d MB, heap %.1f MB".formatted(step, resident >> 20, heap / 1048576.0);
    }
  }

  @Test
  void memoryIsFlatOverAThousandSteps() {
    Assumptions.assumeTrue(Files.exists(STATUS), "needs Linux's /proc");
    DistillConfig config =
        TinyRuns.config(
            Map.of(
                "optim.epochs", "10",
                "train.epoch-length", String.valueOf(STEPS / 10),
                "train.checkpoint-every", String.valueOf(EVERY),
                "train.shards", "2",
                "student.registers", "1"));
    List<Sample> samples = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), folder)) {
      trainer.run(
          (done, total, result) -> {
            if (done % EVERY == 0) {
              samples.add(Sample.take(done));
            }
          });
    }
    samples.forEach(System.out::println);
    Sample first = samples.get(1);
    Sample last = samples.get(samples.size() - 1);
    assertTrue(last.resident - first.resident < RESIDENT << 20, first + " to " + last);
    assertTrue(last.heap - first.heap < HEAP << 20, first + " to " + last);
  }

  @Test
  void inputsOutsideTheHeapDoNotWaitForACollection() {
    DistillConfig config = TinyRuns.config(Map.of("optim.epochs", "1", "train.epoch-length", "60"));
    List<Long> used = new ArrayList<>();
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), folder)) {
      trainer.run((done, total, result) -> used.add(DirectMemory.used()));
    }
    long gained = used.get(used.size() - 1) - used.get(19);
    assertTrue(gained < 1 << 20, "gained " + gained + " bytes in 40 steps");
  }
}
