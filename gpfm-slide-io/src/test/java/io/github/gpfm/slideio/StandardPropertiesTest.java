package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StandardPropertiesTest {
  static Iterable<SlideFixture> readable() {
    return SlideFixture.readable();
  }

  @Test
  void everyPropertyHasItsType() {
    StandardProperties properties =
        of(
            Map.of(
                "openslide.comment", "Scanned on Monday",
                "openslide.quickhash-1", "0a1b",
                "openslide.background-color", "FFfa80",
                "openslide.bounds-x", "-7",
                "openslide.bounds-y", "20",
                "openslide.bounds-width", "300",
                "openslide.bounds-height", "400",
                "openslide.level[0].tile-width", "240",
                "openslide.level[0].tile-height", "256"));
    assertEquals(Optional.of("Scanned on Monday"), properties.comment());
    assertEquals(Optional.of("0a1b"), properties.quickHash());
    assertEquals(OptionalInt.of(0xfffa80), properties.backgroundColor());
    assertEquals(Optional.of(new Rectangle(-7, 20, 300, 400)), properties.bounds());
    assertEquals(Optional.of(new Dimension(240, 256)), properties.tileSize(0));
    assertEquals(Optional.empty(), properties.tileSize(1));
  }

  @Test
  void missingAndSenselessValuesAreEmpty() {
    assertEquals(Optional.empty(), of(Map.of()).comment());
    assertEquals(Optional.empty(), of(Map.of()).quickHash());
    assertEquals(OptionalInt.empty(), of(Map.of()).backgroundColor());
    assertEquals(Optional.empty(), of(Map.of()).bounds());
    StandardProperties senseless =
        of(
            Map.of(
                "openslide.background-color", "white",
                "openslide.bounds-x", "1",
                "openslide.bounds-y", "1",
                "openslide.bounds-width", "0",
                "openslide.bounds-height", "99999999999",
                "openslide.level[0].tile-width", "wide",
                "openslide.level[0].tile-height", "256"));
    assertEquals(OptionalInt.empty(), senseless.backgroundColor());
    assertEquals(Optional.empty(), senseless.bounds());
    assertEquals(Optional.empty(), senseless.tileSize(0));
  }

  @Test
  void closedSlidesHaveNone() {
    Slide slide = new MemorySlide(10, 10, 0, Map.of());
    slide.close();
    assertThrows(SlideClosedException.class, () -> StandardProperties.of(slide));
  }

  @ParameterizedTest
  @MethodSource("readable")
  void recordedSlidesTellHashAndTiles(SlideFixture fixture) {
    try (Slide slide = Slides.open(fixture.slide(), "builtin")) {
      StandardProperties properties = StandardProperties.of(slide);
      fixture.text("quickhash1").ifPresent(h -> assertEquals(h, properties.quickHash().get()));
      assertTrue(properties.tileSize(0).isPresent());
    }
  }

  private static StandardProperties of(Map<String, String> properties) {
    return StandardProperties.of(new MemorySlide(10, 10, 0, properties));
  }
}
