package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlidesTest {
  @Test
  void readsARegion(@TempDir Path folder) throws Exception {
    BufferedImage picture = new BufferedImage(300, 200, BufferedImage.TYPE_INT_RGB);
    picture.setRGB(10, 20, 0xc04080);
    Path file = folder.resolve("small.png");
    ImageIO.write(picture, "png", file.toFile());
    try (Slide slide = Slides.open(file)) {
      assertEquals(300, slide.width());
      assertEquals(0xffc04080, slide.readRegion(10, 20, 0, 1, 1).getRGB(0, 0));
    }
  }
}
