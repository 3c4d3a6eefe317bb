package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonArray;
import io.github.gpfm.api.Slide;
import java.awt.image.BufferedImage;

/** Holds a slide's levels against the record. */
final class GeometryAssertions {
  private GeometryAssertions() {}

  static void assertGeometry(SlideFixture fixture, Slide slide) {
    JsonArray dimensions = fixture.json().getAsJsonArray("level_dimensions");
    JsonArray downsamples = fixture.json().getAsJsonArray("level_downsamples");
    assertEquals(fixture.json().get("level_count").getAsInt(), slide.levels().size());
    for (int level = 0; level < dimensions.size(); level++) {
      JsonArray size = dimensions.get(level).getAsJsonArray();
      assertEquals(size.get(0).getAsLong(), slide.levels().get(level).width());
      assertEquals(size.get(1).getAsLong(), slide.levels().get(level).height());
      assertEquals(
          downsamples.get(level).getAsDouble(), slide.levels().get(level).downsample(), 1e-12);
    }
    fixture
        .json()
        .getAsJsonObject("best_level_for_downsample")
        .entrySet()
        .forEach(
            entry ->
                assertEquals(
                    entry.getValue().getAsInt(),
                    slide.bestLevelForDownsample(Double.parseDouble(entry.getKey())),
                    entry.getKey()));
    fixture
        .text("mpp_x")
        .ifPresent(
            mpp -> assertEquals(Double.parseDouble(mpp), slide.mpp().orElseThrow().x(), 1e-12));
    fixture
        .text("mpp_y")
        .ifPresent(
            mpp -> assertEquals(Double.parseDouble(mpp), slide.mpp().orElseThrow().y(), 1e-12));
  }

  /** Names, sizes and pixels of the associated images, and the objective power. */
  static void assertAssociatedImages(SlideFixture fixture, Slide slide) {
    assertEquals(fixture.associatedImages().keySet(), slide.associatedImageNames());
    fixture
        .associatedImages()
        .forEach(
            (name, recorded) -> {
              BufferedImage image = slide.associatedImage(name);
              assertEquals(recorded.get("width").getAsInt(), image.getWidth(), name);
              assertEquals(recorded.get("height").getAsInt(), image.getHeight(), name);
              assertEquals(
                  recorded.get("sha256_rgba").getAsString(), SlideFixture.sha256Rgba(image), name);
            });
    fixture
        .text("objective_power")
        .ifPresent(
            power ->
                assertEquals(
                    Double.parseDouble(power), slide.objectivePower().orElseThrow(), 1e-9));
  }
}
