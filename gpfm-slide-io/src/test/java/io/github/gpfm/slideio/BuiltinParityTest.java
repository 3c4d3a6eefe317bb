package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.slideio.SlideFixture.Region;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Without native libraries everything equals what the reference reader recorded: geometry,
 * properties and lossless pixels exactly, JPEG pixels within the difference of two decoders.
 */
class BuiltinParityTest extends ReaderParity {
  BuiltinParityTest() {
    super("builtin");
  }

  static List<SlideFixture> upright() {
    return SlideFixture.readable().stream().filter(f -> f.orientation() == 1).toList();
  }

  /** Stored turned or mirrored. */
  static List<SlideFixture> turned() {
    return SlideFixture.readable().stream().filter(f -> f.orientation() != 1).toList();
  }

  @ParameterizedTest
  @MethodSource(DESCRIBED)
  void metadataEqualsReference(SlideFixture fixture) {
    try (Slide slide = open(fixture)) {
      Map<String, String> common = new TreeMap<>(slide.properties());
      common.keySet().retainAll(fixture.properties().keySet());
      assertEquals(fixture.properties(), common);
      GeometryAssertions.assertAssociatedImages(fixture, slide);
    }
  }

  @ParameterizedTest
  @MethodSource("upright")
  void regionsEqualReference(SlideFixture fixture) {
    try (Slide slide = open(fixture)) {
      for (Region region : fixture.regions()) {
        BufferedImage image = read(slide, region);
        if (!region.fails()) {
          PixelAssertions.assertRegion(fixture, region, image);
        }
      }
    }
  }

  /**
   * The reference reader leaves turned pictures as they are stored but mirrors the inside of each
   * tile, as libtiff does for an upright target, and reads tiles at the edge as black. So whole
   * tiles are compared, mirrored back.
   */
  @ParameterizedTest(allowZeroInvocations = true)
  @MethodSource("turned")
  void wholeTilesOfTurnedPicturesAreThoseOfTheReferenceMirrored(SlideFixture fixture) {
    long orientation = fixture.orientation();
    boolean flipsX = List.of(2L, 3L, 6L, 7L).contains(orientation);
    boolean flipsY = List.of(3L, 4L, 7L, 8L).contains(orientation);
    int compared = 0;
    try (Slide slide = open(fixture)) {
      for (Region region : fixture.regions()) {
        Optional<BufferedImage> recorded = PixelAssertions.picture(fixture, region);
        if (region.level() != 0 || recorded.isEmpty()) {
          continue;
        }
        SlideLevel level = slide.levels().get(0);
        Dimension tile = StandardProperties.of(slide).tileSize(0).orElseThrow();
        BufferedImage stored = slide.readRegion(0, 0, 0, (int) level.width(), (int) level.height());
        for (int y = 0; y < region.height(); y++) {
          for (int x = 0; x < region.width(); x++) {
            int left = (int) (region.x() + x) / tile.width * tile.width;
            int top = (int) (region.y() + y) / tile.height * tile.height;
            if (left + tile.width <= level.width() && top + tile.height <= level.height()) {
              int inX = (int) (region.x() + x) - left;
              int inY = (int) (region.y() + y) - top;
              int fromX = left + (flipsX ? tile.width - 1 - inX : inX);
              int fromY = top + (flipsY ? tile.height - 1 - inY : inY);
              assertEquals(stored.getRGB(fromX, fromY), recorded.get().getRGB(x, y));
              compared++;
            }
          }
        }
      }
    }
    assertTrue(compared > 0, "no whole tile recorded");
  }
}
