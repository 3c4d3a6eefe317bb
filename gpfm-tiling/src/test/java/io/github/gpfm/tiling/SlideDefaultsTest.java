package io.github.gpfm.tiling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link Slide} can do without its reader's help. */
class SlideDefaultsTest {
  private static final int WIDTH = 2500;
  private static final int HEIGHT = 1250;

  @TempDir Path folder;
  private Path file;

  /** Red grows to the right, green downward; a quarter is transparent blue. */
  private static int pixel(int x, int y) {
    return x < WIDTH / 2 && y < HEIGHT / 2
        ? 0x800000ff
        : 0xff000000 | x * 255 / WIDTH << 16 | y * 255 / HEIGHT << 8;
  }

  @BeforeEach
  void write() throws IOException {
    BufferedImage picture = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        picture.setRGB(x, y, pixel(x, y));
      }
    }
    file = folder.resolve("ramp.png");
    ImageIO.write(picture, "png", file.toFile());
  }

  @Test
  void theThumbnailIsTheMeanOfWhatEachPixelCovers() {
    try (Slide slide = Slides.open(file)) {
      BufferedImage small = slide.thumbnail(100);
      assertEquals(100, small.getWidth());
      assertEquals(50, small.getHeight());
      assertEquals(0x7f7fff, small.getRGB(10, 10) & 0xffffff);
      for (int y = 0; y < 50; y++) {
        for (int x = 50; x < 100; x++) {
          long red = 0;
          long green = 0;
          for (int i = 0; i < 625; i++) {
            int covered = pixel(25 * x + i % 25, 25 * y + i / 25);
            red += covered >> 16 & 255;
            green += covered >> 8 & 255;
          }
          int expected = (int) ((red + 312) / 625) << 16 | (int) ((green + 312) / 625) << 8;
          assertEquals(expected, small.getRGB(x, y) & 0xffffff, x + "," + y);
        }
      }
    }
  }

  @Test
  void sizesThatDoNotDivideCoverEveryPixelOnce() {
    try (Slide slide = Slides.open(file)) {
      BufferedImage small = slide.thumbnail(7);
      assertEquals(7, small.getWidth());
      assertEquals(4, small.getHeight());
      BufferedImage same = slide.thumbnail(5000);
      assertEquals(WIDTH, same.getWidth());
      assertEquals(pixel(2499, 1249), same.getRGB(2499, 1249));
      assertThrows(InvalidOptionException.class, () -> slide.thumbnail(0));
    }
  }

  @Test
  void rgbIsComposedOnWhiteAndCanBeWrittenAsJpeg() throws IOException {
    try (Slide slide = Slides.open(file)) {
      BufferedImage rgb = slide.readRgb(-1, 0, 0, 2, 1);
      assertEquals(0xffffff, rgb.getRGB(0, 0) & 0xffffff);
      assertEquals(0x7f7fff, rgb.getRGB(1, 0) & 0xffffff);
      assertTrue(ImageIO.write(rgb, "jpeg", new ByteArrayOutputStream()));
    }
  }
}
