package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.SlideFixture.Region;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Holds pixels against recorded ones. */
final class PixelAssertions {
  /** Two JPEG decoders may differ by this much, per channel of 0 to 255. */
  static final double JPEG_MEAN = 1.0;

  static final int JPEG_MAXIMUM = 8;

  private PixelAssertions() {}

  /**
   * Equal by hash; else, for JPEG, near the recorded picture, near what an installed OpenSlide of
   * the recorded version gives, or at least of the recorded mean colour.
   */
  static void assertRegion(SlideFixture fixture, Region region, BufferedImage image) {
    String hash = SlideFixture.sha256Rgba(image);
    if (hash.equals(region.sha256())) {
      return;
    }
    assertFalse(fixture.lossless(), region.label() + " differs, though stored without loss");
    Optional<BufferedImage> picture = picture(fixture, region);
    if (picture.isPresent()) {
      assertNear(picture.get(), image, region.label());
    } else if (OpenSlideRuntime.version().orElse("").equals(fixture.referenceVersion())) {
      try (Slide reference = Slides.open(fixture.slide(), "openslide")) {
        assertNear(ReaderParity.read(reference, region), image, region.label());
      }
    } else {
      double[] mean = meanRgba(image);
      JsonArray recorded = region.json().getAsJsonArray("mean_rgba");
      for (int channel = 0; channel < 4; channel++) {
        assertEquals(recorded.get(channel).getAsDouble(), mean[channel], 1.0, region.label());
      }
    }
  }

  /** The recorded picture of a region, if there is one. */
  static Optional<BufferedImage> picture(SlideFixture fixture, Region region) {
    return region.json().has("png")
        ? Optional.of(read(fixture.slide().resolveSibling(region.json().get("png").getAsString())))
        : Optional.empty();
  }

  /** Mean and maximal difference within JPEG's tolerance; alpha equal. */
  static void assertNear(BufferedImage expected, BufferedImage actual, String label) {
    assertEquals(expected.getWidth(), actual.getWidth(), label);
    assertEquals(expected.getHeight(), actual.getHeight(), label);
    long sum = 0;
    int maximum = 0;
    for (int y = 0; y < expected.getHeight(); y++) {
      for (int x = 0; x < expected.getWidth(); x++) {
        int a = expected.getRGB(x, y);
        int b = actual.getRGB(x, y);
        assertEquals(a >>> 24, b >>> 24, label + ": alpha at " + x + "," + y);
        for (int shift = 0; shift < 24; shift += 8) {
          int difference = Math.abs((a >> shift & 255) - (b >> shift & 255));
          sum += difference;
          maximum = Math.max(maximum, difference);
        }
      }
    }
    double mean = sum / (3.0 * expected.getWidth() * expected.getHeight());
    assertTrue(mean <= JPEG_MEAN && maximum <= JPEG_MAXIMUM, label + ": " + mean + ", " + maximum);
  }

  static BufferedImage read(Path png) {
    try {
      return ImageIO.read(png.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[] meanRgba(BufferedImage image) {
    double[] sums = new double[4];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int argb = image.getRGB(x, y);
        sums[0] += argb >> 16 & 255;
        sums[1] += argb >> 8 & 255;
        sums[2] += argb & 255;
        sums[3] += argb >>> 24;
      }
    }
    for (int channel = 0; channel < 4; channel++) {
      sums[channel] /= (double) image.getWidth() * image.getHeight();
    }
    return sums;
  }
}
