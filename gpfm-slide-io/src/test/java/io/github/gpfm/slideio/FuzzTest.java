package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

/**
 * Every mutant of real and of written files opens and can be read, or fails with a {@link
 * SlideFormatException}; never another exception, an exhausted heap or a hang. The number is {@code
 * -Dgpfm.fuzz.mutants=N}, the seed {@code -Dgpfm.fuzz.seed=N}; a mutant that fails is named by its
 * seed.
 */
class FuzzTest {
  /** A guard against hangs, far above what a mutant takes, even on a busy machine. */
  private static final Duration HANG = Duration.ofSeconds(120);

  private static final long LARGEST_ORIGINAL = 400_000;

  @TempDir Path folder;

  private int opened;
  private int refused;
  private long slowest;

  @Test
  void everyMutantOpensOrIsRefusedInOneWay()
      throws IOException, InterruptedException, ExecutionException {
    int mutants = Integer.getInteger("gpfm.fuzz.mutants", 5000);
    long seed = Long.getLong("gpfm.fuzz.seed", 20240718L);
    List<byte[]> originals = originals();
    ExecutorService worker = Executors.newSingleThreadExecutor();
    PrintStream console = System.err;
    // The JPEG 2000 library prints the traces of what it throws.
    System.setErr(new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8));
    try {
      for (int i = 0; i < mutants; i++) {
        byte[] mutant = new Mutator(seed + i).mutate(originals.get(i % originals.size()));
        Path file = Files.write(folder.resolve("mutant.bin"), mutant);
        check(
            worker,
            file,
            "mutant with seed " + (seed + i) + " of original " + i % originals.size());
      }
    } finally {
      System.setErr(console);
      worker.shutdownNow();
    }
    System.out.printf(
        "%d mutants of %d files: %d opened, %d refused, slowest %d ms%n",
        mutants, originals.size(), opened, refused, slowest);
    assertTrue(opened > 0 && refused > 0, "the mutants should not all be alike");
  }

  private void check(ExecutorService worker, Path file, String name)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    Future<Boolean> outcome = worker.submit(() -> opens(file, name));
    try {
      if (outcome.get(HANG.toSeconds(), TimeUnit.SECONDS)) {
        opened++;
      } else {
        refused++;
      }
    } catch (TimeoutException e) {
      fail(name + " hangs");
    }
    slowest = Math.max(slowest, (System.nanoTime() - start) / 1_000_000);
  }

  private static boolean opens(Path file, String name) {
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
        throw new AssertionError(name + ": not one sentence naming the file: " + message, e);
      }
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(name + " ends in " + e, e);
    }
  }

  /** Files written here, and the small real ones where they are. */
  private static List<byte[]> originals() throws IOException {
    List<byte[]> originals = new ArrayList<>();
    originals.add(pyramid(ByteOrder.LITTLE_ENDIAN, false, TestTiff.NONE));
    originals.add(pyramid(ByteOrder.BIG_ENDIAN, true, TestTiff.DEFLATE));
    originals.add(pyramid(ByteOrder.LITTLE_ENDIAN, true, TestTiff.JPEG));
    originals.add(picture("png"));
    originals.add(picture("jpg"));
    originals.add(TestDicom.tiled(false));
    originals.add(TestDicom.tiled(true));
    if (hasSlides()) {
      try (Stream<Path> files = Files.walk(Fixtures.data("slides"))) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          String name = file.toString();
          boolean record = name.endsWith(".json") || name.endsWith(".png");
          if (!record && Files.size(file) <= LARGEST_ORIGINAL) {
            originals.add(Files.readAllBytes(file));
          }
        }
      }
    }
    return originals;
  }

  private static boolean hasSlides() {
    try {
      return Files.isDirectory(Fixtures.data("slides"));
    } catch (TestAbortedException e) {
      return false;
    }
  }

  private static byte[] pyramid(ByteOrder order, boolean big, int compression) {
    TestTiff tiff = new TestTiff(order, big);
    TestTiff.Directory main = tiff.directory();
    main.rgb(TestTiff.picture(200, 150, 1), 200, 150, 64, true, compression)
        .tag(270, "Aperio x|AppMag = 20|MPP = 0.5");
    main.sub().rgb(TestTiff.picture(50, 40, 1), 50, 40, 64, true, TestTiff.NONE);
    tiff.directory().rgb(TestTiff.picture(60, 40, 2), 60, 40, 16, false, compression);
    tiff.directory().rgb(TestTiff.picture(100, 75, 3), 100, 75, 64, true, compression).tag(254, 1);
    return tiff.bytes();
  }

  private static byte[] picture(String format) throws IOException {
    BufferedImage image = new BufferedImage(120, 90, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, 120, 90, TestTiff.picture(120, 90, 4), 0, 120);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.write(image, format, out);
    return out.toByteArray();
  }
}
