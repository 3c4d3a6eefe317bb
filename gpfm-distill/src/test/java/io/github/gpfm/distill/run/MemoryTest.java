package io.github.gpfm.distill.run;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.distill.config.DistillConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resident memory does not grow with the steps; {@code -Dgpfm.distill.steps=1000} for more. */
class MemoryTest {
  @TempDir Path folder;

  @Test
  void residentMemoryIsFlat() throws IOException {
    Path status = Path.of("/proc/self/status");
    Assumptions.assumeTrue(Files.exists(status), "needs Linux's /proc");
    int steps = Integer.getInteger("gpfm.distill.steps", 120);
    DistillConfig config =
        TinyRuns.config(
            Map.of(
                "optim.epochs", "1",
                "train.epoch-length", String.valueOf(steps),
                "train.checkpoint-every", String.valueOf(steps)));
    long[] resident = new long[2];
    try (Trainer trainer =
        new Trainer(config, new RandomTiles(9, 64), TinyRuns.experts(), folder)) {
      trainer.run(
          (done, total, result) -> {
            if (done == total / 3 || done == total) {
              resident[done == total ? 1 : 0] = residentKilobytes(status);
            }
          });
    }
    System.out.printf(
        "resident after %d steps %d MB, after %d steps %d MB%n",
        steps / 3, resident[0] >> 10, steps, resident[1] >> 10);
    // The heap may still grow to its own bound: native leaks of a step are megabytes each.
    assertTrue(resident[1] - resident[0] < 200 << 10, "grew by " + (resident[1] - resident[0]));
  }

  private static long residentKilobytes(Path status) {
    System.gc();
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmRSS"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
          .sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
