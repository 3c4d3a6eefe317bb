package io.github.gpfm.tiling.dataset;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.TilingException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TileEncodingTest {
  @TempDir Path folder;

  /** A tile with structure and noise, as tissue has. */
  private static BufferedImage tile() {
    Random random = new Random(5);
    BufferedImage tile = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        int red = 150 + (int) (60 * Math.sin(x / 9.0)) + random.nextInt(16);
        int green = 90 + y + random.nextInt(16);
        tile.setRGB(x, y, red << 16 | green << 8 | 170);
      }
    }
    return tile;
  }

  private static int[] pixels(BufferedImage image) {
    int width = image.getWidth();
    return Arrays.stream(image.getRGB(0, 0, width, image.getHeight(), null, 0, width))
        .map(pixel -> pixel & 0xffffff)
        .toArray();
  }

  private static double meanDifference(BufferedImage a, BufferedImage b) {
    int[] first = pixels(a);
    int[] second = pixels(b);
    return IntStream.range(0, first.length)
        .map(i -> Math.abs((first[i] >> 8 & 0xff) - (second[i] >> 8 & 0xff)))
        .average()
        .orElseThrow();
  }

  private BufferedImage readBack(TileEncoding encoding, BufferedImage tile) throws IOException {
    Path images = Files.createDirectories(folder.resolve("images-" + encoding.extension()));
    Files.write(images.resolve("tile." + encoding.extension()), encoding.encode(tile));
    try (TileDataset dataset = TileDataset.ofFolder(images)) {
      assertEquals(1, dataset.size());
      return dataset.image(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "webp"})
  void withoutLossEveryPixelKeepsItsValue(String format) throws IOException {
    BufferedImage tile = tile();
    assertArrayEquals(
        pixels(tile), pixels(readBack(TileEncoding.of(format, 90, true), tile)), format);
  }

  @ParameterizedTest
  @ValueSource(strings = {"jpeg", "webp"})
  void qualityDecidesSizeAndLikeness(String format) throws IOException {
    BufferedImage tile = tile();
    TileEncoding fine = TileEncoding.of(format, 95, false);
    TileEncoding coarse = TileEncoding.of(format, 10, false);
    assertTrue(coarse.encode(tile).length < fine.encode(tile).length / 2);
    assertArrayEquals(fine.encode(tile), fine.encode(tile));
    double likeness = meanDifference(tile, readBack(fine, tile));
    assertTrue(likeness < 4, "mean difference " + likeness);
    assertTrue(meanDifference(tile, readBack(coarse, tile)) > likeness);
  }

  @Test
  void webpShardsAreReadBack() {
    ExtractOptions options = ExtractProgram.options();
    Path png = folder.resolve("png");
    Path webp = folder.resolve("webp");
    extract(png, options.toBuilder().encoding(TileEncoding.of("png", 90, false)).build());
    extract(webp, options.toBuilder().encoding(TileEncoding.of("webp", 90, true)).build());
    try (TileDataset expected = TileDataset.open(png);
        TileDataset actual = TileDataset.open(webp)) {
      assertEquals(expected.size(), actual.size());
      for (int i = 0; i < expected.size(); i += 9) {
        assertEquals(expected.key(i), actual.key(i));
        assertArrayEquals(pixels(expected.image(i)), pixels(actual.image(i)));
      }
    }
  }

  private static void extract(Path out, ExtractOptions options) {
    new TileExtractor(options, ExtractProgram::open)
        .extract(ExtractProgram.SLIDES, out, ProgressListener.NONE);
  }

  @Test
  void damagedWebpIsOneSentence() throws IOException {
    byte[] whole = TileEncoding.of("webp", 90, false).encode(tile());
    Path images = Files.createDirectories(folder.resolve("damaged"));
    Files.write(images.resolve("cut.webp"), Arrays.copyOf(whole, whole.length / 2));
    byte[] other = whole.clone();
    Arrays.fill(other, 30, other.length, (byte) 0x5a);
    Files.write(images.resolve("noise.webp"), other);
    Files.write(images.resolve("text.webp"), "no picture".getBytes(StandardCharsets.UTF_8));
    try (TileDataset dataset = TileDataset.ofFolder(images)) {
      for (int i = 0; i < dataset.size(); i++) {
        int number = i;
        if (dataset.key(i).equals("noise.webp")) {
          continue; // The decoder makes some picture of it, or refuses; either way it returns.
        }
        TilingException e = assertThrows(TilingException.class, () -> dataset.image(number));
        assertTrue(e.getMessage().contains(dataset.key(number)), e.getMessage());
      }
    }
  }

  @Test
  void impossibleChoicesAreRefused() {
    assertThrows(InvalidOptionException.class, () -> TileEncoding.of("jpeg", 0, false));
    assertThrows(InvalidOptionException.class, () -> TileEncoding.of("webp", 101, false));
    assertThrows(InvalidOptionException.class, () -> TileEncoding.of("jpeg", 90, true));
    assertThrows(InvalidOptionException.class, () -> TileEncoding.of("gif", 90, false));
  }

  /** A process of its own, because a library that is loaded stays loaded. */
  @Test
  void aPlatformWithoutTheNativeLibraryIsToldSo() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dos.arch=pdp11",
                "-cp",
                System.getProperty("java.class.path"),
                NoNative.class.getName())
            .redirectErrorStream(true)
            .start();
    List<String> lines = process.inputReader().lines().toList();
    assertEquals(0, process.waitFor(), lines.toString());
    assertEquals(1, lines.size(), lines.toString());
    assertTrue(lines.get(0).startsWith("WebP cannot be written here"), lines.get(0));
    assertTrue(lines.get(0).contains("pdp11"), lines.get(0));
    assertFalse(lines.get(0).contains("Exception"), lines.get(0));
  }

  /** Prints why WebP is refused. */
  static final class NoNative {
    private NoNative() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
      try {
        TileEncoding.of("webp", 90, false);
        System.out.println("written");
      } catch (InvalidOptionException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
