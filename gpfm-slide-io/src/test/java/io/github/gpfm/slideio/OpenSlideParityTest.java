package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.SlideFixture.Region;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Through OpenSlide everything equals what openslide-python recorded, to the bit. */
class OpenSlideParityTest extends ReaderParity {
  OpenSlideParityTest() {
    super("openslide");
  }

  @BeforeAll
  static void needsLibrary() {
    Assumptions.assumeTrue(
        OpenSlideRuntime.version().isPresent(), () -> OpenSlideRuntime.failure().orElse(""));
  }

  @ParameterizedTest
  @MethodSource(DESCRIBED)
  void metadataEqualsReference(SlideFixture fixture) {
    Assumptions.assumeTrue(
        OpenSlideRuntime.version().orElse("").equals(fixture.referenceVersion()),
        "recorded with another OpenSlide, which reports other properties");
    try (Slide slide = open(fixture)) {
      assertEquals(fixture.properties(), slide.properties());
      GeometryAssertions.assertAssociatedImages(fixture, slide);
    }
  }

  @ParameterizedTest
  @MethodSource(READABLE)
  void regionsEqualReference(SlideFixture fixture) {
    Assumptions.assumeTrue(
        OpenSlideRuntime.version().orElse("").equals(fixture.referenceVersion()),
        "recorded with another OpenSlide, which decodes with other libraries");
    try (Slide slide = open(fixture);
        Slide builtin = Slides.open(fixture.slide(), "builtin")) {
      for (Region region : fixture.regions()) {
        if (region.fails()) {
          SlideException error =
              assertThrows(SlideFormatException.class, () -> read(slide, region), region.label());
          assertTrue(error.getMessage().contains(fixture.slide().toString()), error.getMessage());
          continue;
        }
        String hash = SlideFixture.sha256Rgba(read(slide, region));
        if (fixture.orientation() != 1
            && narrowerThanItsTiles(slide, region.level())
            && !hash.equals(region.sha256())) {
          // Debian 12's libtiff makes OpenSlide return uninitialised memory here, so that the
          // built-in reader steps in, which does not turn pictures tile by tile.
          assertEquals(SlideFixture.sha256Rgba(read(builtin, region)), hash, region.label());
        } else {
          assertEquals(region.sha256(), hash, region.label());
        }
      }
    }
  }
}
