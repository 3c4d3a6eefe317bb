package io.github.gpfm.distill.data;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Changes of colour and sharpness, in place. Factors mean what they mean in torchvision. */
final class Colours {
  private static final int BLUR_RADIUS = 4;

  /** Ruifrok and Johnston's optical densities of haematoxylin, eosin and their complement. */
  private static final double[][] STAINS = {
    {0.650, 0.704, 0.286}, {0.072, 0.990, 0.105}, {0.268, 0.570, 0.776}
  };

  private static final double[][] UNMIX = inverse(STAINS);

  private Colours() {}

  /** Brightness, contrast, saturation and hue in random order, each by a random factor. */
  static void jitter(PlanarImage image, double strength, SplittableRandom random) {
    int[] order = {0, 1, 2, 3};
    for (int i = 3; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    float brightness = (float) around(1, 0.4 * strength, random);
    float contrast = (float) around(1, 0.4 * strength, random);
    float saturation = (float) around(1, 0.2 * strength, random);
    float hue = (float) around(0, 0.1 * strength, random);
    for (int step : order) {
      switch (step) {
        case 0 -> brightness(image, brightness);
        case 1 -> contrast(image, contrast);
        case 2 -> saturation(image, saturation);
        default -> hue(image, hue);
      }
    }
  }

  /** Towards black below 1. */
  static void brightness(PlanarImage image, float factor) {
    blend(image, null, 0, factor);
  }

  /** Towards the mean grey below 1. */
  static void contrast(PlanarImage image, float factor) {
    blend(image, null, mean(luma(image)), factor);
  }

  /** Towards each pixel's own grey below 1. */
  static void saturation(PlanarImage image, float factor) {
    blend(image, luma(image), 0, factor);
  }

  static void grey(PlanarImage image) {
    float[] luma = luma(image);
    for (float[] plane : image.planes) {
      System.arraycopy(luma, 0, plane, 0, plane.length);
    }
  }

  /** Inverts values of 128 and above. */
  static void solarize(PlanarImage image) {
    for (float[] plane : image.planes) {
      for (int i = 0; i < plane.length; i++) {
        plane[i] = plane[i] >= 128 ? 255 - plane[i] : plane[i];
      }
    }
  }

  /** Gaussian blur, kernel of 9 pixels, mirrored edges. */
  static void blur(PlanarImage image, double sigma) {
    float[] kernel = new float[2 * BLUR_RADIUS + 1];
    double sum = 0;
    for (int i = -BLUR_RADIUS; i <= BLUR_RADIUS; i++) {
      sum += Math.exp(-0.5 * i * i / (sigma * sigma));
    }
    for (int i = -BLUR_RADIUS; i <= BLUR_RADIUS; i++) {
      kernel[i + BLUR_RADIUS] = (float) (Math.exp(-0.5 * i * i / (sigma * sigma)) / sum);
    }
    float[] between = new float[image.width * image.height];
    for (float[] plane : image.planes) {
      convolve(plane, between, image.height, image.width, image.width, 1, kernel);
      convolve(between, plane, image.width, image.height, 1, image.width, kernel);
    }
  }

  /**
   * Scales and shifts the amounts of haematoxylin and eosin.
   *
   * @param sigma standard deviation of the factors; shifts have a tenth of it
   */
  static void stainJitter(PlanarImage image, double sigma, SplittableRandom random) {
    double[] factor = new double[3];
    double[] shift = new double[3];
    for (int s = 0; s < 2; s++) {
      factor[s] = Math.max(0, 1 + sigma * random.nextGaussian());
      shift[s] = 0.1 * sigma * random.nextGaussian();
    }
    factor[2] = 1;
    double[] density = new double[3];
    for (int i = 0; i < image.planes[0].length; i++) {
      for (int c = 0; c < 3; c++) {
        density[c] = -Math.log((image.planes[c][i] + 1) / 256);
      }
      double[] mixed = new double[3];
      for (int s = 0; s < 3; s++) {
        double amount =
            density[0] * UNMIX[0][s] + density[1] * UNMIX[1][s] + density[2] * UNMIX[2][s];
        amount = amount * factor[s] + shift[s];
        for (int c = 0; c < 3; c++) {
          mixed[c] += amount * STAINS[s][c];
        }
      }
      for (int c = 0; c < 3; c++) {
        image.planes[c][i] = PlanarImage.clip((float) (Math.exp(-mixed[c]) * 256 - 1));
      }
    }
  }

  private static void convolve(
      float[] in, float[] out, int lines, int length, int lineStride, int stride, float[] kernel) {
    for (int line = 0; line < lines; line++) {
      int start = line * lineStride;
      for (int i = 0; i < length; i++) {
        float sum = 0;
        for (int k = -BLUR_RADIUS; k <= BLUR_RADIUS; k++) {
          sum += kernel[k + BLUR_RADIUS] * in[start + mirror(i + k, length) * stride];
        }
        out[start + i * stride] = sum;
      }
    }
  }

  private static int mirror(int i, int n) {
    int at = i;
    while (at < 0 || at >= n) {
      at = at < 0 ? -at : 2 * (n - 1) - at;
      if (n == 1) {
        return 0;
      }
    }
    return at;
  }

  private static double around(double centre, double width, SplittableRandom random) {
    return centre + width * (2 * random.nextDouble() - 1);
  }

  /** factor * image + (1 - factor) * other, where other is a plane or a constant. */
  private static void blend(
      PlanarImage image, float @Nullable [] plane, float value, float factor) {
    for (float[] channel : image.planes) {
      for (int i = 0; i < channel.length; i++) {
        float other = plane == null ? value : plane[i];
        channel[i] = PlanarImage.clip(factor * channel[i] + (1 - factor) * other);
      }
    }
  }

  private static float[] luma(PlanarImage image) {
    float[] luma = new float[image.planes[0].length];
    for (int i = 0; i < luma.length; i++) {
      luma[i] =
          0.299f * image.planes[0][i] + 0.587f * image.planes[1][i] + 0.114f * image.planes[2][i];
    }
    return luma;
  }

  private static float mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return (float) (sum / values.length);
  }

  /** Turns the hue by a share of the colour circle. */
  static void hue(PlanarImage image, float turn) {
    for (int i = 0; i < image.planes[0].length; i++) {
      float r = image.planes[0][i];
      float g = image.planes[1][i];
      float b = image.planes[2][i];
      float max = Math.max(r, Math.max(g, b));
      float range = max - Math.min(r, Math.min(g, b));
      if (range <= 0) {
        continue;
      }
      float sextant;
      if (max == r) {
        sextant = (g - b) / range;
      } else if (max == g) {
        sextant = 2 + (b - r) / range;
      } else {
        sextant = 4 + (r - g) / range;
      }
      float hue = sextant + 6 * turn;
      image.planes[0][i] = channel(5 + hue, max, range);
      image.planes[1][i] = channel(3 + hue, max, range);
      image.planes[2][i] = channel(1 + hue, max, range);
    }
  }

  private static float channel(float position, float max, float range) {
    float k = position - 6 * (float) Math.floor(position / 6);
    return max - range * Math.max(0, Math.min(Math.min(k, 4 - k), 1));
  }

  private static double[][] inverse(double[][] m) {
    double[][] result = new double[3][3];
    double det = 0;
    for (int i = 0; i < 3; i++) {
      int a = (i + 1) % 3;
      int b = (i + 2) % 3;
      det += m[0][i] * (m[1][a] * m[2][b] - m[1][b] * m[2][a]);
    }
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        int r1 = (j + 1) % 3;
        int r2 = (j + 2) % 3;
        int c1 = (i + 1) % 3;
        int c2 = (i + 2) % 3;
        result[i][j] = (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]) / det;
      }
    }
    return result;
  }
}
