package io.github.gpfm.distill.data;

import java.awt.image.BufferedImage;

/**
 * An RGB picture as three float planes, values 0 to 255. Colours are clipped to that range by every
 * operation, as 8-bit pictures would be, but not rounded.
 */
final class PlanarImage {
  final int width;
  final int height;
  final float[][] planes;

  PlanarImage(int width, int height) {
    this(width, height, new float[3][width * height]);
  }

  private PlanarImage(int width, int height, float[][] planes) {
    this.width = width;
    this.height = height;
    this.planes = planes;
  }

  static PlanarImage of(BufferedImage image) {
    int w = image.getWidth();
    int h = image.getHeight();
    int[] rgb = image.getRGB(0, 0, w, h, null, 0, w);
    PlanarImage planar = new PlanarImage(w, h);
    for (int i = 0; i < rgb.length; i++) {
      planar.planes[0][i] = rgb[i] >> 16 & 255;
      planar.planes[1][i] = rgb[i] >> 8 & 255;
      planar.planes[2][i] = rgb[i] & 255;
    }
    return planar;
  }

  /**
   * A box resized by an antialiased bicubic kernel (a = -0.5), columns first: Pillow's resize
   * without its rounding.
   */
  PlanarImage resizedBox(int left, int top, int boxWidth, int boxHeight, int size) {
    Kernel columns = Kernel.of(boxWidth, size);
    Kernel rows = Kernel.of(boxHeight, size);
    PlanarImage result = new PlanarImage(size, size);
    float[] narrow = new float[size * boxHeight];
    for (int c = 0; c < 3; c++) {
      float[] source = planes[c];
      for (int y = 0; y < boxHeight; y++) {
        int row = (top + y) * width + left;
        for (int x = 0; x < size; x++) {
          narrow[y * size + x] = clip(columns.apply(x, source, row, 1));
        }
      }
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          result.planes[c][y * size + x] = clip(rows.apply(y, narrow, x, size));
        }
      }
    }
    return result;
  }

  PlanarImage flipped() {
    PlanarImage result = new PlanarImage(width, height);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          result.planes[c][y * width + x] = planes[c][y * width + width - 1 - x];
        }
      }
    }
    return result;
  }

  /** Turned by 90 degrees clockwise. */
  PlanarImage turned() {
    PlanarImage result = new PlanarImage(height, width);
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          result.planes[c][x * height + height - 1 - y] = planes[c][y * width + x];
        }
      }
    }
    return result;
  }

  /** Normalised planes, channel by channel, into a batch buffer. */
  void write(float[] target, int offset, float[] mean, float[] std) {
    int n = width * height;
    for (int c = 0; c < 3; c++) {
      float scale = 1 / (255 * std[c]);
      float shift = mean[c] / std[c];
      for (int i = 0; i < n; i++) {
        target[offset + c * n + i] = planes[c][i] * scale - shift;
      }
    }
  }

  static float clip(float value) {
    return value < 0 ? 0 : Math.min(value, 255);
  }

  /** Weights of the source positions of every output position. */
  private record Kernel(int[] first, float[][] weights) {
    static Kernel of(int in, int out) {
      double scale = (double) in / out;
      double stretch = Math.max(scale, 1);
      int[] first = new int[out];
      float[][] weights = new float[out][];
      for (int i = 0; i < out; i++) {
        double centre = (i + 0.5) * scale;
        int from = Math.max(0, (int) (centre - 2 * stretch + 0.5));
        int to = Math.min(in, (int) (centre + 2 * stretch + 0.5));
        double[] w = new double[to - from];
        double sum = 0;
        for (int k = 0; k < w.length; k++) {
          w[k] = cubic((from + k - centre + 0.5) / stretch);
          sum += w[k];
        }
        first[i] = from;
        weights[i] = new float[w.length];
        for (int k = 0; k < w.length; k++) {
          weights[i][k] = (float) (w[k] / sum);
        }
      }
      return new Kernel(first, weights);
    }

    float apply(int output, float[] source, int start, int stride) {
      float[] w = weights[output];
      int at = start + first[output] * stride;
      float sum = 0;
      for (float weight : w) {
        sum += weight * source[at];
        at += stride;
      }
      return sum;
    }

    private static double cubic(double x) {
      double d = Math.abs(x);
      if (d < 1) {
        return (1.5 * d - 2.5) * d * d + 1;
      }
      return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
    }
  }
}
