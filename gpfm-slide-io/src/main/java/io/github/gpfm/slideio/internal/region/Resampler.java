package io.github.gpfm.slideio.internal.region;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Separable resampling of straight ARGB pictures, done on premultiplied values: the mean over the
 * area when shrinking (each source pixel weighs by its covered part), bicubic (Catmull-Rom, a =
 * -0.5) when enlarging. Transparent pixels count as transparent, not as black.
 */
public final class Resampler {
  private static final double BICUBIC = -0.5;

  private Resampler() {}

  /** Contributions of source pixels to one target pixel. */
  private record Taps(int first, float[] weights) {}

  /**
   * Resamples.
   *
   * @param source height x width straight ARGB
   * @param scale source pixels per target pixel, positive
   * @param offsetX left edge of the target in source pixels, 0 or more
   * @param offsetY top edge of the target in source pixels, 0 or more
   * @return targetHeight x targetWidth straight ARGB
   */
  public static int[] resample(
      int[] source,
      int width,
      int height,
      double scale,
      double offsetX,
      double offsetY,
      int targetWidth,
      int targetHeight) {
    Taps[] columns = taps(width, scale, offsetX, targetWidth);
    Taps[] rows = taps(height, scale, offsetY, targetHeight);
    float[] across = new float[height * targetWidth * 4];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < targetWidth; x++) {
        accumulateRow(source, y * width, columns[x], across, (y * targetWidth + x) * 4);
      }
    }
    int[] target = new int[targetWidth * targetHeight];
    float[] sum = new float[4];
    for (int y = 0; y < targetHeight; y++) {
      Taps taps = rows[y];
      for (int x = 0; x < targetWidth; x++) {
        Arrays.fill(sum, 0);
        for (int i = 0; i < taps.weights.length; i++) {
          int at = ((taps.first + i) * targetWidth + x) * 4;
          for (int channel = 0; channel < 4; channel++) {
            sum[channel] += taps.weights[i] * across[at + channel];
          }
        }
        target[y * targetWidth + x] = straight(sum);
      }
    }
    return target;
  }

  private static void accumulateRow(int[] source, int row, Taps taps, float[] out, int at) {
    for (int i = 0; i < taps.weights.length; i++) {
      int pixel = source[row + taps.first + i];
      float alpha = (pixel >>> 24) * taps.weights[i];
      float scaled = alpha / 255f;
      out[at] += alpha;
      out[at + 1] += (pixel >> 16 & 255) * scaled;
      out[at + 2] += (pixel >> 8 & 255) * scaled;
      out[at + 3] += (pixel & 255) * scaled;
    }
  }

  private static int straight(float[] sum) {
    int alpha = toByte(sum[0]);
    if (alpha == 0) {
      return 0;
    }
    float back = 255f / sum[0];
    return alpha << 24
        | toByte(sum[1] * back) << 16
        | toByte(sum[2] * back) << 8
        | toByte(sum[3] * back);
  }

  private static int toByte(float value) {
    return Math.max(0, Math.min(255, Math.round(value)));
  }

  private static Taps[] taps(int size, double scale, double offset, int targetSize) {
    Taps[] taps = new Taps[targetSize];
    for (int i = 0; i < targetSize; i++) {
      double from = offset + i * scale;
      taps[i] = scale >= 1 ? area(size, from, from + scale) : bicubic(size, from + scale / 2);
    }
    return taps;
  }

  private static Taps area(int size, double from, double to) {
    int first = clamp((int) Math.floor(from + 1e-9), size);
    int last = clamp((int) Math.ceil(to - 1e-9) - 1, size);
    return normalised(first, last, size, x -> Math.max(0, Math.min(to, x + 1) - Math.max(from, x)));
  }

  private static Taps bicubic(int size, double centre) {
    int left = (int) Math.floor(centre - 0.5);
    return normalised(left - 1, left + 2, size, x -> cubic(Math.abs(centre - 0.5 - x)));
  }

  /** Weights of the pixels first to last; those beyond the edge count for the edge's pixel. */
  private static Taps normalised(int first, int last, int size, DoubleUnaryOperator weight) {
    int from = clamp(first, size);
    int to = clamp(last, size);
    double[] weights = new double[to - from + 1];
    double total = 0;
    for (int x = first; x <= last; x++) {
      double value = weight.applyAsDouble(x);
      weights[clamp(x, size) - from] += value;
      total += value;
    }
    float[] normal = new float[weights.length];
    for (int i = 0; i < normal.length; i++) {
      normal[i] = (float) (total == 0 ? 1.0 / normal.length : weights[i] / total);
    }
    return new Taps(from, normal);
  }

  private static double cubic(double t) {
    if (t < 1) {
      return ((BICUBIC + 2) * t - (BICUBIC + 3)) * t * t + 1;
    }
    return t < 2 ? BICUBIC * (((t - 5) * t + 8) * t - 4) : 0;
  }

  private static int clamp(int value, int size) {
    return Math.max(0, Math.min(size - 1, value));
  }
}
