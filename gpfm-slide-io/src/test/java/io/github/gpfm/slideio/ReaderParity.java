package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.SlideFixture.Region;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every reader of recorded slides is held to. */
abstract class ReaderParity {
  static final String READABLE = "io.github.gpfm.slideio.SlideFixture#readable";
  static final String DESCRIBED = "io.github.gpfm.slideio.SlideFixture#described";
  private static final String REFUSED = "io.github.gpfm.slideio.SlideFixture#refusedOnes";

  private final String reader;

  ReaderParity(String reader) {
    this.reader = reader;
  }

  @ParameterizedTest
  @MethodSource(READABLE)
  void geometryEqualsReference(SlideFixture fixture) {
    try (Slide slide = open(fixture)) {
      assertEquals(fixture.text("vendor").orElseThrow(), slide.vendor());
      GeometryAssertions.assertGeometry(fixture, slide);
    }
  }

  @ParameterizedTest
  @MethodSource(REFUSED)
  void refusedFilesAreDeclined(SlideFixture fixture) {
    SlideFormatException error =
        assertThrows(SlideFormatException.class, () -> open(fixture).close());
    assertTrue(error.getMessage().contains(reader + ": "), error.getMessage());
  }

  final Slide open(SlideFixture fixture) {
    return Slides.open(fixture.slide(), reader);
  }

  /** Reads it as an image and into an array that was used before: the pixels are the same. */
  static BufferedImage read(Slide slide, Region region) {
    int width = region.width();
    int height = region.height();
    BufferedImage image = slide.readRegion(region.x(), region.y(), region.level(), width, height);
    int[] argb = new int[width * height];
    Arrays.fill(argb, 0x12345678);
    slide.readRegion(region.x(), region.y(), region.level(), width, height, argb);
    assertArrayEquals(image.getRGB(0, 0, width, height, null, 0, width), argb);
    return image;
  }

  /** Whether a level is narrower than its tiles, which some libtiff damage. */
  static boolean narrowerThanItsTiles(Slide slide, int level) {
    return StandardProperties.of(slide).tileSize(level).map(t -> t.width).orElse(0)
        > slide.levels().get(level).width();
  }
}
