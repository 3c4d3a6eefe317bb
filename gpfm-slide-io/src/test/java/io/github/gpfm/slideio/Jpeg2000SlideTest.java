package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Aperio slides of JPEG 2000 tiles (33003: YCbCr, 33005: RGB) are read as OpenSlide reads the same
 * file: exactly where the wavelet is reversible, else within the rounding of two decoders.
 */
class Jpeg2000SlideTest {
  /** The 9/7 wavelet is reckoned in floating point, which each decoder rounds in its own way. */
  private static final int IRREVERSIBLE_MAXIMUM = 2;

  /** OpenSlide rounds its tables of chroma contributions the other way in some places. */
  private static final int COLOUR_MAXIMUM = 1;

  private static final int EDGE = 128;

  @TempDir Path folder;

  @Test
  void reversibleRgbTilesEqualOpenSlideAndTheOriginal() throws IOException {
    int[] picture = TestTiff.picture(EDGE, EDGE, 11);
    byte[] tile = TestJpeg2000.encode(picture, EDGE, EDGE, true, true);
    BufferedImage image = compare(tile, TestJpeg2000.APERIO_RGB, 0);
    assertArrayEquals(picture, image.getRGB(0, 0, EDGE, EDGE, null, 0, EDGE));
  }

  @Test
  void irreversibleRgbTilesAreNearOpenSlide() throws IOException {
    compare(
        TestJpeg2000.resource("rgb-irreversible"), TestJpeg2000.APERIO_RGB, IRREVERSIBLE_MAXIMUM);
  }

  @Test
  void yCbCrTilesAreNearOpenSlide() throws IOException {
    int[] picture = TestTiff.picture(EDGE, EDGE, 12);
    byte[] tile = TestJpeg2000.encode(picture, EDGE, EDGE, false, true);
    compare(tile, TestJpeg2000.APERIO_YCBCR, COLOUR_MAXIMUM);
  }

  @Test
  void halvedChromaEqualsOpenSlide() throws IOException {
    compare(TestJpeg2000.resource("ycc-422"), TestJpeg2000.APERIO_YCBCR, 0);
  }

  /** Reads a slide of 2 x 2 tiles through both readers. */
  private BufferedImage compare(byte[] tile, int compression, int maximum) throws IOException {
    Path file = folder.resolve("slide.svs");
    Files.write(file, TestJpeg2000.slide(tile, EDGE, 2, 2, compression));
    try (Slide builtin = Slides.open(file, "builtin")) {
      assertEquals("aperio", builtin.vendor());
      assertEquals(0.25, builtin.requireMpp().x());
      BufferedImage image = builtin.readRegion(0, 0, 0, 2 * EDGE, 2 * EDGE);
      Assumptions.assumeTrue(
          OpenSlideRuntime.version().isPresent(), () -> OpenSlideRuntime.failure().orElse(""));
      try (Slide openslide = Slides.open(file, "openslide")) {
        assertEquals(openslide.levels(), builtin.levels());
        assertNear(openslide.readRegion(0, 0, 0, 2 * EDGE, 2 * EDGE), image, maximum);
      }
      return image;
    }
  }

  private static void assertNear(BufferedImage expected, BufferedImage actual, int maximum) {
    for (int y = 0; y < expected.getHeight(); y++) {
      for (int x = 0; x < expected.getWidth(); x++) {
        for (int shift = 0; shift <= 24; shift += 8) {
          int a = expected.getRGB(x, y) >>> shift & 255;
          int b = actual.getRGB(x, y) >>> shift & 255;
          assertTrue(Math.abs(a - b) <= maximum, x + "," + y + ": " + a + ", " + b);
        }
      }
    }
  }
}
