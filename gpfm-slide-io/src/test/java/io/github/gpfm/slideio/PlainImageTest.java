package io.github.gpfm.slideio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.github.gpfm.api.Slide;
import io.github.gpfm.testkit.Fixtures;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pictures are slides of one level. */
class PlainImageTest {
  @TempDir Path folder;

  static List<Path> bareCodestreams() throws IOException {
    try (Stream<Path> files = Files.walk(Fixtures.data("slides"))) {
      return files.filter(file -> file.toString().endsWith(".j2k")).sorted().toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_BYTE_GRAY,
        BufferedImage.TYPE_USHORT_GRAY,
        BufferedImage.TYPE_BYTE_BINARY,
        BufferedImage.TYPE_3BYTE_BGR,
        BufferedImage.TYPE_INT_ARGB
      })
  void pngPixelsAreExact(int type) throws IOException {
    BufferedImage picture = noise(700, 530, type);
    Path png = folder.resolve("picture.png");
    ImageIO.write(picture, "png", png.toFile());
    try (Slide slide = Slides.open(png, "builtin")) {
      assertEquals(1, slide.levels().size());
      BufferedImage read = slide.readRegion(0, 0, 0, 700, 530);
      for (int y = 0; y < 530; y += 7) {
        for (int x = 0; x < 700; x += 3) {
          assertEquals(expected(picture, x, y), read.getRGB(x, y), x + "," + y);
        }
      }
    }
  }

  @Test
  void jpegIsNearWhatJavaReads() throws IOException {
    BufferedImage picture = new BufferedImage(321, 200, BufferedImage.TYPE_3BYTE_BGR);
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 321; x++) {
        picture.setRGB(x, y, (x * 255 / 320) << 16 | y << 8 | 128);
      }
    }
    Path jpeg = folder.resolve("picture.jpg");
    ImageIO.write(picture, "jpg", jpeg.toFile());
    try (Slide slide = Slides.open(jpeg, "builtin")) {
      BufferedImage expected = ImageIO.read(jpeg.toFile());
      PixelAssertions.assertNear(expected, slide.readRegion(0, 0, 0, 321, 200), "jpeg");
    }
  }

  @ParameterizedTest
  @MethodSource("bareCodestreams")
  void jpeg2000IsNearTheReference(Path codestream) {
    JsonObject json = Fixtures.json(codestream.resolveSibling(codestream.getFileName() + ".json"));
    int width = json.get("width").getAsInt();
    int height = json.get("height").getAsInt();
    try (Slide slide = Slides.open(codestream, "builtin")) {
      BufferedImage read = slide.readRegion(0, 0, 0, width, height);
      Path png = codestream.resolveSibling(codestream.getFileName() + ".png");
      PixelAssertions.assertNear(PixelAssertions.read(png), read, "jpeg 2000");
      assertTrue(slide.mpp().isEmpty());
    }
  }

  private static BufferedImage noise(int width, int height, int type) {
    Random random = new Random(5);
    BufferedImage image = new BufferedImage(width, height, type);
    int bands = image.getRaster().getNumBands();
    int[] sample = new int[bands];
    int range = 1 << image.getSampleModel().getSampleSize(0);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < bands; band++) {
          sample[band] = band == 3 ? 255 : random.nextInt(range);
        }
        image.getRaster().setPixel(x, y, sample);
      }
    }
    return image;
  }

  private static int expected(BufferedImage image, int x, int y) {
    int[] sample = image.getRaster().getPixel(x, y, (int[]) null);
    if (sample.length >= 3) {
      return 0xff000000 | sample[0] << 16 | sample[1] << 8 | sample[2];
    }
    int grey =
        switch (image.getType()) {
          case BufferedImage.TYPE_USHORT_GRAY -> sample[0] >> 8;
          case BufferedImage.TYPE_BYTE_BINARY -> sample[0] * 255;
          default -> sample[0];
        };
    return 0xff000000 | grey * 0x010101;
  }
}
