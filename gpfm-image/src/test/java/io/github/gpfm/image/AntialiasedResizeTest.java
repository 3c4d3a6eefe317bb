package io.github.gpfm.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Expected pixels are those of Pillow's {@code Image.resize(size, BICUBIC)} on the same picture.
 */
class AntialiasedResizeTest {
  private static final int WIDTH = 7;
  private static final int HEIGHT = 5;

  private static int[] resized(int width, int height) {
    int[] rgb = new int[WIDTH * HEIGHT];
    for (int i = 0; i < rgb.length; i++) {
      int value = i % WIDTH * 37 + i / WIDTH * 91;
      rgb[i] = value % 256 << 16 | (value + 53) % 256 << 8 | (value + 106) % 256;
    }
    BufferedImage image = AntialiasedResize.resize(rgb, WIDTH, HEIGHT, width, height);
    int[] out = image.getRGB(0, 0, width, height, null, 0, width);
    for (int i = 0; i < out.length; i++) {
      out[i] &= 0xFFFFFF;
    }
    return out;
  }

  @Test
  void shrinksAsPillowDoes() {
    assertArrayEquals(
        new int[] {0x5F7C85, 0x829D86, 0x857F8B, 0x6E8895, 0x748179, 0x7E8C82}, resized(3, 2));
  }

  @Test
  void enlargesAsPillowDoes() {
    assertArrayEquals(
        new int[] {
          0x003065, 0x13487C, 0x3267A0, 0x4F83C3, 0x6CA1DF, 0x88C5FF, 0xABF682, 0xCFAD1B, 0xE60547,
          0x3F73BA, 0x5597E2, 0x7DBD94, 0xA5DD27, 0xC1F652, 0xED6071, 0x7F4F6C, 0x31646E, 0x59538B,
          0xA0DD5E, 0xC5797E, 0x8D5463, 0x427F37, 0x659A5C, 0x895888, 0x5D59B1, 0x438AD5, 0x63B9EC,
          0x74B232, 0x994D47, 0x612876, 0x1653A9, 0x397BC2, 0x5FA780, 0x8BCF83, 0xB2C1A8, 0xC986C0,
          0x184C93, 0x2F71B0, 0x569AB2, 0x7FA9AF, 0x9A97CC, 0x88B335, 0x99DE21, 0xBBA94C, 0xD32564,
          0x6DA2D7, 0x85BAFF, 0xA4E89C, 0xC7C910, 0xDE0A3F, 0x202264, 0x004383, 0x2E66A1, 0x4685B9
        },
        resized(9, 6));
  }

  @Test
  void leavesAnAxisThatKeepsItsLength() {
    assertArrayEquals(
        new int[] {
          0x4F847B, 0x746BA0, 0x5B9063, 0x80BD88, 0xAD78A5, 0x689D72, 0x8D6297, 0x5B9087, 0x8077AC,
          0x679C71, 0x8C6996, 0x598651, 0x76AB7E, 0x9B6EA3
        },
        resized(7, 2));
  }

  /** Packed or bytes, at once or row by row, whatever was resized before: one result. */
  @ParameterizedTest
  @EnumSource(Interpolation.class)
  void everyFormGivesWhatTheWeightsSay(Interpolation kernel) {
    int[][] sizes = {{1, 1}, {64, 64}, {65, 3}, {3, 129}, {130, 70}};
    for (int[] from : sizes) {
      for (int[] to : new int[][] {{64, 64}, {1, 1}, {224, 5}, {from[0], 40}, {50, from[1]}}) {
        byte[] rgb = new byte[3 * from[0] * from[1]];
        new Random(from[0] * 1000L + from[1]).nextBytes(rgb);
        // Edges that overshoot at either end.
        Arrays.fill(rgb, 0, rgb.length / 3, (byte) 255);
        int[] packed = packed(rgb);
        byte[] expected = byDefinition(rgb, from, to, kernel);
        String which = Arrays.toString(from) + " to " + Arrays.toString(to);
        assertArrayEquals(
            expected, AntialiasedResize.resize(rgb, from[0], from[1], to[0], to[1], kernel), which);
        assertArrayEquals(
            expected,
            AntialiasedResize.toBytes(packed, from[0], from[1], to[0], to[1], kernel),
            which);
        if (kernel == Interpolation.BICUBIC) {
          int[] out = new int[to[0] * to[1]];
          AntialiasedResize.resize(packed, from[0], from[1], out, to[0], to[1]);
          assertArrayEquals(packed(expected), out, which);
          int[] rows = new int[out.length];
          AntialiasedResize stream =
              new AntialiasedResize(
                  from[0],
                  from[1],
                  to[0],
                  to[1],
                  (y, row) -> System.arraycopy(row, 0, rows, y * to[0], to[0]));
          for (int y = 0; y < from[1]; y++) {
            stream.push(packed, y * from[0]);
          }
          assertArrayEquals(out, rows, which);
        }
      }
    }
  }

  /** Too large to be kept at once. */
  @Test
  void picturesThatGoRowByRowAreTheSame() {
    int width = 3000;
    int height = 1500;
    byte[] rgb = new byte[3 * width * height];
    new Random(4).nextBytes(rgb);
    byte[] expected =
        byDefinition(rgb, new int[] {width, height}, new int[] {2990, 7}, Interpolation.BILINEAR);
    assertArrayEquals(
        expected, AntialiasedResize.resize(rgb, width, height, 2990, 7, Interpolation.BILINEAR));
    assertArrayEquals(
        expected,
        AntialiasedResize.toBytes(packed(rgb), width, height, 2990, 7, Interpolation.BILINEAR));
  }

  private static int[] packed(byte[] rgb) {
    int[] packed = new int[rgb.length / 3];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = (rgb[3 * i] & 0xff) << 16 | (rgb[3 * i + 1] & 0xff) << 8 | rgb[3 * i + 2] & 0xff;
    }
    return packed;
  }

  private static byte[] byDefinition(byte[] rgb, int[] from, int[] to, Interpolation kernel) {
    ResizeWeights across = ResizeWeights.of(from[0], to[0], kernel);
    ResizeWeights down = ResizeWeights.of(from[1], to[1], kernel);
    byte[] rows = new byte[3 * to[0] * from[1]];
    for (int i = 0; i < rows.length; i++) {
      int x = i / 3 % to[0];
      int start = i / 3 / to[0] * from[0] * 3 + i % 3;
      rows[i] = sum(across, x, k -> rgb[start + 3 * k]);
    }
    byte[] out = new byte[3 * to[0] * to[1]];
    for (int i = 0; i < out.length; i++) {
      int start = i % (3 * to[0]);
      out[i] = sum(down, i / (3 * to[0]), k -> rows[start + 3 * to[0] * k]);
    }
    return out;
  }

  private static byte sum(ResizeWeights weights, int output, IntUnaryOperator source) {
    int sum = 1 << ResizeWeights.FRACTION_BITS - 1;
    for (int k = 0; k < weights.count()[output]; k++) {
      int value = source.applyAsInt(weights.first()[output] + k) & 0xff;
      sum += value * weights.weights()[output * weights.taps() + k];
    }
    return (byte) Math.max(0, Math.min(255, sum >> ResizeWeights.FRACTION_BITS));
  }
}
