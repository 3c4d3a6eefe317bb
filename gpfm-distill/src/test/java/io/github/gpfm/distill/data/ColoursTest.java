package io.github.gpfm.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Against torchvision's functions on float tensors, computed once. */
class ColoursTest {
  /** Weights of a pixel's grey that torchvision rounds to four digits move it by less. */
  private static final float GREY = 0.03f;

  private static final float EXACT = 2e-3f;

  private static final int[][] PIXELS = {
    {200, 30, 90}, {12, 250, 128}, {127, 129, 131}, {255, 255, 0}, {60, 60, 60}, {90, 20, 240}
  };

  private static PlanarImage after(Consumer<PlanarImage> change) {
    PlanarImage image = new PlanarImage(3, 2);
    for (int i = 0; i < PIXELS.length; i++) {
      for (int c = 0; c < 3; c++) {
        image.planes[c][i] = PIXELS[i][c];
      }
    }
    change.accept(image);
    return image;
  }

  private static void check(PlanarImage image, float tolerance, float[]... planes) {
    for (int c = 0; c < 3; c++) {
      assertArrayEquals(planes[c], image.planes[c], tolerance, Arrays.toString(image.planes[c]));
    }
  }

  @Test
  void brightness() {
    check(
        after(image -> Colours.brightness(image, 1.3f)),
        EXACT,
        new float[] {255, 15.6f, 165.1f, 255, 78, 117},
        new float[] {39, 255, 167.7f, 255, 78, 26},
        new float[] {117, 166.4f, 170.3f, 0, 78, 255});
  }

  @Test
  void contrast() {
    check(
        after(image -> Colours.contrast(image, 0.7f)),
        GREY,
        new float[] {176.655f, 45.055f, 125.555f, 215.155f, 78.655f, 99.655f},
        new float[] {57.655f, 211.655f, 126.955f, 215.155f, 78.655f, 50.655f},
        new float[] {99.655f, 126.255f, 128.355f, 36.655f, 78.655f, 204.655f});
  }

  @Test
  void saturation() {
    check(
        after(image -> Colours.saturation(image, 1.15f)),
        GREY,
        new float[] {216.852f, 0, 126.757f, 255, 60.001f, 93.6f},
        new float[] {21.352f, 255, 129.057f, 255, 60.001f, 13.1f},
        new float[] {90.353f, 122.461f, 131.357f, 0, 60.001f, 255});
  }

  @Test
  void hue() {
    check(
        after(image -> Colours.hue(image, 0.08f)),
        EXACT,
        new float[] {200, 12, 127, 132.6f, 60, 195.6f},
        new float[] {51.6f, 250, 127.08f, 255, 60, 20},
        new float[] {30, 242.24f, 131, 0, 60, 240});
    check(
        after(image -> Colours.hue(image, -0.1f)),
        EXACT,
        new float[] {200, 38.8f, 127, 255, 60, 20},
        new float[] {30, 250, 131, 102, 60, 82},
        new float[] {192, 12, 130.6f, 0, 60, 240});
  }

  @Test
  void greyAndSolarize() {
    PlanarImage grey = after(Colours::grey);
    assertArrayEquals(grey.planes[0], grey.planes[2]);
    assertEquals(0.299f * 200 + 0.587f * 30 + 0.114f * 90, grey.planes[1][0], EXACT);
    check(
        after(Colours::solarize),
        0,
        new float[] {55, 12, 127, 0, 60, 90},
        new float[] {30, 5, 126, 0, 60, 20},
        new float[] {90, 127, 124, 0, 60, 15});
  }

  /** A picture of 12 x 9: corners, where edges are mirrored, and the middle. */
  @Test
  void blur() {
    PlanarImage image = new PlanarImage(12, 9);
    for (int y = 0; y < 9; y++) {
      for (int x = 0; x < 12; x++) {
        image.planes[0][y * 12 + x] = (y * 37 + x * 11) % 256;
        image.planes[1][y * 12 + x] = y * x * 13 % 256;
        image.planes[2][y * 12 + x] = (y * y + x * x * 3) % 256;
      }
    }
    Colours.blur(image, 1.3);
    float[][] expected = {
      {47.17841f, 163.87012f, 114.14815f},
      {12.558783f, 115.74174f, 115.93059f},
      {6.722827f, 126.38402f, 106.10721f}
    };
    int[] at = {0, 4 * 12 + 6, 8 * 12 + 11};
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < at.length; i++) {
        assertEquals(expected[c][i], image.planes[c][at[i]], EXACT);
      }
    }
  }
}
