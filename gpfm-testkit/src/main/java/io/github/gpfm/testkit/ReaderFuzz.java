package io.github.gpfm.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Gives a reader damaged files. Each must be read, or refused with the reader's own kind of
 * exception in a sentence that names the file, in bounded time. A mutant is named by its seed,
 * which makes it again.
 */
public final class ReaderFuzz {
  /** A guard against hangs, far above what a mutant takes, even on a busy machine. */
  private static final int HANG_SECONDS = 30;

  /** Reads a file to its end. */
  @FunctionalInterface
  public interface Reader {
    /**
     * @param file a damaged file
     */
    void read(Path file) throws Exception;
  }

  /** Damages a file. */
  @FunctionalInterface
  public interface Damage {
    /**
     * @param mutator seeded
     * @param original a sound file
     */
    byte[] of(Mutator mutator, byte[] original);
  }

  /** Mutants of a test: 5,000 unless {@code -Dgpfm.fuzz.rounds=N} asks for another number. */
  public static int rounds() {
    return Integer.getInteger("gpfm.fuzz.rounds", 5000);
  }

  /** The first seed: that of the test unless {@code -Dgpfm.fuzz.seed=N} asks for another. */
  public static long seed(long ofTest) {
    return Long.getLong("gpfm.fuzz.seed", ofTest);
  }

  private final Path file;
  private final Class<? extends RuntimeException> kind;
  private final Reader reader;
  private final List<String> failures = new ArrayList<>();
  private int read;
  private int refused;
  private long slowestMillis;

  /**
   * @param file where the mutants are written, one at a time
   * @param kind the reader's own exceptions
   */
  public ReaderFuzz(Path file, Class<? extends RuntimeException> kind, Reader reader) {
    this.file = file;
    this.kind = kind;
    this.reader = reader;
  }

  /**
   * Reads mutants.
   *
   * @param first seed of the first; the others follow
   * @return this
   */
  public ReaderFuzz run(List<byte[]> originals, Damage damage, long first, int mutants)
      throws IOException, InterruptedException {
    ExecutorService worker = Executors.newSingleThreadExecutor();
    try {
      for (long seed = first; seed < first + mutants && failures.size() < 20; seed++) {
        byte[] original = originals.get((int) Math.floorMod(seed, (long) originals.size()));
        Files.write(file, damage.of(new Mutator(seed), original));
        check(worker, seed);
      }
    } finally {
      worker.shutdownNow();
    }
    return this;
  }

  private void check(ExecutorService worker, long seed) throws InterruptedException {
    Future<?> task =
        worker.submit(
            () -> {
              reader.read(file);
              return null;
            });
    long start = System.nanoTime();
    try {
      task.get(HANG_SECONDS, TimeUnit.SECONDS);
      read++;
    } catch (TimeoutException e) {
      throw new AssertionError("seed " + seed + " takes more than " + HANG_SECONDS + " s");
    } catch (ExecutionException e) {
      Throwable thrown = e.getCause() == null ? e : e.getCause();
      String message = String.valueOf(thrown.getMessage());
      if (!kind.isInstance(thrown) || !message.contains(String.valueOf(file.getFileName()))) {
        failures.add("seed " + seed + ": " + thrown);
      } else {
        refused++;
      }
    }
    slowestMillis = Math.max(slowestMillis, (System.nanoTime() - start) / 1_000_000);
  }

  @Override
  public String toString() {
    return "%d mutants of %s: %d read, %d refused, %d failed, slowest %d ms"
        .formatted(
            read + refused + failures.size(),
            file.getFileName(),
            read,
            refused,
            failures.size(),
            slowestMillis);
  }

  /**
   * Requires that nothing failed and that mutants of both sorts occurred; prints the figures.
   *
   * @throws AssertionError naming the mutants that failed
   */
  public void requireSound() {
    System.out.println(this);
    if (!failures.isEmpty()) {
      throw new AssertionError(String.join("\n", failures));
    }
    if (refused == 0 || read == 0) {
      throw new AssertionError("the mutants should not all be alike: " + this);
    }
  }

  /** What went wrong, one line a mutant. */
  public List<String> failures() {
    return failures;
  }

  /** Mutants that were read all the same. */
  public int read() {
    return read;
  }

  /** Mutants that were refused as they should be. */
  public int refused() {
    return refused;
  }
}
