package io.github.gpfm.encoder.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.image.Interpolation;
import java.awt.image.BufferedImage;
import org.junit.jupiter.api.Test;

class PreprocessorTest {
  @Test
  void shortSideKeepsTheAspectAndCropsTheCentre() {
    BufferedImage image = new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB);
    for (int x = 24; x < 40; x++) {
      for (int y = 0; y < 32; y++) {
        image.setRGB(x, y, 0xff0000);
      }
    }
    Preprocessing rule =
        new Preprocessing(
            Preprocessing.Resize.SHORT_SIDE,
            32,
            Interpolation.BILINEAR,
            16,
            Preprocessing.IMAGENET_MEAN,
            Preprocessing.IMAGENET_STD);
    Pixels pixels = new Preprocessor(rule).apply(Pixels.of(image));
    assertEquals(16, pixels.width());
    for (int i = 0; i < pixels.rgb().length; i += 3) {
      assertEquals((byte) 255, pixels.rgb()[i]);
      assertEquals(0, pixels.rgb()[i + 1]);
    }
  }

  @Test
  void transparentIsWhiteAndGrayStaysAsItIs() {
    BufferedImage clear = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
    assertArrayEquals(new byte[] {-1, -1, -1}, Pixels.of(clear).rgb());
    clear.setRGB(0, 0, 0x80_00_00_ff);
    assertArrayEquals(new byte[] {127, 127, -1}, Pixels.of(clear).rgb());
    BufferedImage gray = new BufferedImage(1, 1, BufferedImage.TYPE_BYTE_GRAY);
    gray.getRaster().setSample(0, 0, 0, 77);
    assertArrayEquals(new byte[] {77, 77, 77}, Pixels.of(gray).rgb());
  }

  @Test
  void enlargingAnEdgeOvershootsAndIsClipped() {
    byte[] rgb = {0, 0, 0, 0, 0, 0, -1, -1, -1, -1, -1, -1};
    Pixels wide = new Pixels(4, 1, rgb).resize(8, 1, Interpolation.BICUBIC);
    assertEquals(0, wide.rgb()[2 * 3]);
    assertEquals((byte) 255, wide.rgb()[5 * 3]);
  }

  @Test
  void impossibleRulesAreRefused() {
    assertThrows(InvalidOptionException.class, () -> Preprocessing.exact(0));
    assertThrows(
        InvalidOptionException.class,
        () ->
            new Preprocessing(
                Preprocessing.Resize.SHORT_SIDE,
                32,
                Interpolation.BICUBIC,
                0,
                Preprocessing.IMAGENET_MEAN,
                Preprocessing.IMAGENET_STD));
  }

  @Test
  void wholeImagesAreResizedToTheInputAndNotCut() {
    Preprocessing cut =
        new Preprocessing(
            Preprocessing.Resize.SHORT_SIDE,
            256,
            Interpolation.BILINEAR,
            224,
            Preprocessing.IMAGENET_MEAN,
            Preprocessing.IMAGENET_STD);
    Preprocessing whole = cut.ofWholeImages();
    assertEquals(0.875, cut.seenShare());
    assertEquals(1, whole.seenShare());
    assertEquals(cut.inputSize(), whole.inputSize());
    assertEquals(Preprocessing.Resize.SHORT_SIDE, whole.resize());
    BufferedImage oblong = new BufferedImage(336, 224, BufferedImage.TYPE_INT_RGB);
    oblong.createGraphics().fillRect(0, 0, 56, 224);
    byte[] seen = new Preprocessor(whole).apply(oblong);
    assertEquals(0, seen[0], "the middle, undistorted");
    assertEquals(cut.interpolation(), whole.interpolation());
    assertEquals(Preprocessing.GPFM, Preprocessing.GPFM.ofWholeImages());
  }
}
