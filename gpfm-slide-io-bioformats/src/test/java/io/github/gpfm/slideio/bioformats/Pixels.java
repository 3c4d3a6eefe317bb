package io.github.gpfm.slideio.bioformats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.imageio.ImageIO;

/** Comparisons of images, 8 bits a channel. */
final class Pixels {
  private Pixels() {}

  static BufferedImage png(Path file) {
    try {
      return ImageIO.read(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int[] argb(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  /**
   * Two decoders of the same JPEG data: mean difference at most 1.0, largest at most 8. Colours are
   * weighed by their opacity, because dividing by a small alpha magnifies rounding.
   */
  static void assertSameButForDecoder(BufferedImage expected, BufferedImage actual, String what) {
    assertClose(expected, actual, 1.0, 8, what);
  }

  static void assertClose(
      BufferedImage expected, BufferedImage actual, double mean, int max, String what) {
    int[] wanted = argb(expected);
    int[] got = argb(actual);
    assertEquals(wanted.length, got.length, what);
    long sum = 0;
    int largest = 0;
    for (int i = 0; i < wanted.length; i++) {
      for (int shift = 0; shift <= 24; shift += 8) {
        int weight = shift == 24 ? 255 : wanted[i] >>> 24;
        int difference =
            Math.abs((wanted[i] >>> shift & 255) - (got[i] >>> shift & 255)) * weight / 255;
        sum += difference;
        largest = Math.max(largest, difference);
      }
    }
    String measured = what + ": mean " + sum / (4.0 * wanted.length) + ", largest " + largest;
    assertTrue(largest <= max && sum <= mean * 4 * wanted.length, measured);
  }

  /** SHA-256 of the bytes R, G, B and, if wanted, A of every pixel. */
  static String sha256(BufferedImage image, boolean alpha) {
    int[] argb = argb(image);
    int step = alpha ? 4 : 3;
    byte[] bytes = new byte[argb.length * step];
    for (int i = 0; i < argb.length; i++) {
      bytes[step * i] = (byte) (argb[i] >> 16);
      bytes[step * i + 1] = (byte) (argb[i] >> 8);
      bytes[step * i + 2] = (byte) argb[i];
      if (alpha) {
        bytes[step * i + 3] = (byte) (argb[i] >> 24);
      }
    }
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
