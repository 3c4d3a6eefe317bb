package io.github.gpfm.slideio;

import com.sun.management.OperatingSystemMXBean;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.testkit.Mutator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
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
 * Opens and reads mutants with the built-in reader, one after the other, each in at most {@link
 * #HANG_SECONDS}. A mutant is named by its seed, which makes it again.
 *
 * <p>By hand: {@code FuzzCampaign FIRST_SEED MUTANTS} prints the figures, the slowest mutants and
 * those that fail, and ends with 1 if any does.
 */
final class FuzzCampaign {
  /** The seed of the first mutant of a run that names none. */
  static final long FIRST_SEED = 20240718L;

  /** A guard against hangs, far above what a mutant takes, even on a busy machine. */
  private static final int HANG_SECONDS = 120;

  private static final long SLOW_MILLIS = 500;
  private static final OperatingSystemMXBean PROCESS =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  private final Path file;
  private final List<byte[]> originals;
  private final List<String> slow = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int opened;
  private int refused;
  private long slowestWall;
  private long slowestProcessor;

  /**
   * @param folder where the mutants are written, one at a time
   */
  FuzzCampaign(Path folder) throws IOException {
    this.file = folder.resolve("mutant.bin");
    this.originals = FuzzOriginals.all();
  }

  /** By hand; see the class. */
  public static void main(String[] args) throws IOException, InterruptedException {
    long first = args.length > 0 ? Long.parseLong(args[0]) : FIRST_SEED;
    int mutants = args.length > 1 ? Integer.parseInt(args[1]) : 10_000;
    Path folder = Files.createTempDirectory("gpfm-fuzz");
    FuzzCampaign campaign = new FuzzCampaign(folder);
    try {
      campaign.run(first, mutants);
    } finally {
      Files.deleteIfExists(campaign.file);
      Files.delete(folder);
    }
    campaign.slow.forEach(System.out::println);
    campaign.failures.forEach(System.out::println);
    System.out.println(campaign);
    System.exit(campaign.failures.isEmpty() ? 0 : 1);
  }

  /** Runs the mutants of as many seeds from the first on. */
  void run(long first, int mutants) throws IOException, InterruptedException {
    ExecutorService worker = Executors.newSingleThreadExecutor();
    PrintStream console = System.err;
    // The JPEG 2000 library prints the traces of what it throws.
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      for (long seed = first; seed < first + mutants; seed++) {
        int original = (int) Math.floorMod(seed, (long) originals.size());
        Files.write(file, new Mutator(seed).mutate(originals.get(original)));
        check(worker, "mutant with seed " + seed + " of original " + original);
      }
    } finally {
      System.setErr(console);
      worker.shutdownNow();
    }
  }

  /** Mutants that opened and were read. */
  int opened() {
    return opened;
  }

  /** Mutants that were refused with a sound message. */
  int refused() {
    return refused;
  }

  /** What went wrong, one line a mutant. */
  List<String> failures() {
    return failures;
  }

  @Override
  public String toString() {
    return String.format(
        "%d mutants of %d files: %d opened, %d refused, %d failed;"
            + " slowest %d ms, most processor time %d ms",
        opened + refused + failures.size(),
        originals.size(),
        opened,
        refused,
        failures.size(),
        slowestWall,
        slowestProcessor);
  }

  private void check(ExecutorService worker, String name) throws InterruptedException {
    long start = System.nanoTime();
    long processorStart = PROCESS.getProcessCpuTime();
    Future<Boolean> outcome = worker.submit(this::opens);
    try {
      if (outcome.get(HANG_SECONDS, TimeUnit.SECONDS)) {
        opened++;
      } else {
        refused++;
      }
    } catch (TimeoutException e) {
      failures.add(name + " hangs");
    } catch (ExecutionException e) {
      failures.add(name + ": " + e.getCause());
    }
    long wall = (System.nanoTime() - start) / 1_000_000;
    long processor = (PROCESS.getProcessCpuTime() - processorStart) / 1_000_000;
    slowestWall = Math.max(slowestWall, wall);
    slowestProcessor = Math.max(slowestProcessor, processor);
    if (wall > SLOW_MILLIS) {
      slow.add(name + ": " + wall + " ms, processor " + processor + " ms");
    }
  }

  private boolean opens() {
    try (Slide slide = Slides.open(file, "builtin")) {
      slide.iccProfile();
      for (String image : slide.associatedImageNames()) {
        slide.associatedImage(image);
      }
      for (SlideLevel level : slide.levels()) {
        int width = (int) Math.min(300, level.width());
        int height = (int) Math.min(300, level.height());
        slide.readRegion(0, 0, level.index(), width, height);
        long x = (long) ((level.width() - width) * level.downsample());
        long y = (long) ((level.height() - height) * level.downsample());
        slide.readRegion(x, y, level.index(), width, height);
      }
      return true;
    } catch (SlideFormatException e) {
      String message = String.valueOf(e.getMessage());
      if (!message.contains(file.toString()) || message.contains("\n")) {
        throw new IllegalStateException("not one sentence naming the file: " + message, e);
      }
      return false;
    }
  }
}
