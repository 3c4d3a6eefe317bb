package io.github.gpfm.examples.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.Slide;
import io.github.gpfm.encoder.image.Pixels;
import io.github.gpfm.eval.roi.TileFeatures;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.testkit.Fixtures;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An image file has the same colors, Pillow's, on every path to an encoder. */
class ImageColorsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"la_opaque.png, 0", "rgb16.png, 0", "icc_wide.jpg, 2"})
  void everyPathGivesPillowsColors(String name, int tolerance) throws IOException {
    Path file = Fixtures.cases("images/" + name);
    byte[] bytes = Files.readAllBytes(file);
    String reference = name.replaceFirst("\\..*", ".pillow-rgb.png");
    Pixels expected = Pixels.of(PictureFile.read(Fixtures.cases("images/" + reference)));

    Map<String, BufferedImage> found = new LinkedHashMap<>();
    found.put("API", PictureFile.read(file));
    found.put("bench and nearest", TileFeatures.read(file));
    found.put("service", new ImageDecoder(1 << 20).decode(bytes));
    Files.write(folder.resolve(name), bytes);
    try (TileDataset tiles = TileDataset.ofFolder(folder)) {
      found.put("cache and distill", tiles.image(0));
    }
    try (Slide slide = Slides.open(file)) {
      found.put("slide", slide.readRegion(0, 0, 0, 256, 256));
    }
    found.forEach(
        (path, image) -> {
          Pixels pixels = Pixels.of(image);
          assertEquals(expected.width(), pixels.width(), path);
          assertEquals(expected.height(), pixels.height(), path);
          int largest = 0;
          for (int i = 0; i < pixels.rgb().length; i++) {
            int difference = (pixels.rgb()[i] & 255) - (expected.rgb()[i] & 255);
            largest = Math.max(largest, Math.abs(difference));
          }
          assertTrue(largest <= tolerance, path + " differs by " + largest);
        });
  }
}
