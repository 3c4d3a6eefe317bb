package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.SlideFixture.Region;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without native libraries everything equals what the reference reader recorded: geometry,
 * properties and lossless pixels exactly, JPEG pixels within the difference of two decoders.
 */
class BuiltinParityTest {
  static List<SlideFixture> readable() {
    return SlideFixture.readable();
  }

  static List<SlideFixture> refused() {
    return SlideFixture.all().stream().filter(SlideFixture::refused).toList();
  }

  @ParameterizedTest
  @MethodSource("readable")
  void geometryEqualsReference(SlideFixture fixture) {
    try (Slide slide = Slides.open(fixture.slide(), "builtin")) {
      assertEquals(fixture.text("vendor").orElseThrow(), slide.vendor());
      GeometryAssertions.assertGeometry(fixture, slide);
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void metadataEqualsReference(SlideFixture fixture) {
    Assumptions.assumeTrue(fixture.json().has("properties"), "no properties recorded");
    try (Slide slide = Slides.open(fixture.slide(), "builtin")) {
      Map<String, String> common = new TreeMap<>(slide.properties());
      common.keySet().retainAll(fixture.properties().keySet());
      assertEquals(fixture.properties(), common);
      GeometryAssertions.assertAssociatedImages(fixture, slide);
    }
  }

  @ParameterizedTest
  @MethodSource("readable")
  void regionsEqualReference(SlideFixture fixture) {
    Assumptions.assumeTrue(
        fixture.orientation() == 1,
        "stored turned: the reference reader mirrors each tile and reads some as black");
    try (Slide slide = Slides.open(fixture.slide(), "builtin")) {
      for (Region region : fixture.regions()) {
        BufferedImage image =
            slide.readRegion(
                region.x(), region.y(), region.level(), region.width(), region.height());
        if (!region.fails()) {
          PixelAssertions.assertRegion(fixture, region, image);
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusedFilesAreDeclined(SlideFixture fixture) {
    SlideFormatException error =
        assertThrows(
            SlideFormatException.class, () -> Slides.open(fixture.slide(), "builtin").close());
    assertTrue(error.getMessage().contains("builtin: "), error.getMessage());
  }
}
