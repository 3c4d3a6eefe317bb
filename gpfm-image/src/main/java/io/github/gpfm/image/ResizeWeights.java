package io.github.gpfm.image;

import java.util.Arrays;

/**
 * Fixed-point weights of one axis of a resize: Pillow's {@code precompute_coeffs} and {@code
 * normalize_coeffs_8bpc}, with 22 fractional bits.
 *
 * @param first first source index of each output
 * @param count number of source values of each output
 * @param taps room for weights per output
 * @param weights outputs x taps
 */
public record ResizeWeights(int[] first, int[] count, int taps, int[] weights) {
  /** Fractional bits of a weight: 1.0 is {@code 1 << FRACTION_BITS}. */
  public static final int FRACTION_BITS = 22;

  /**
   * Weights that turn {@code from} values into {@code to}; the kernel widens when there are fewer.
   *
   * @param from source length, pixels, at least 1
   * @param to length of the result, at least 1
   */
  public static ResizeWeights of(int from, int to, Interpolation kernel) {
    if (from == to) {
      return identity(from);
    }
    double scale = (double) from / to;
    double widening = Math.max(scale, 1);
    double support = kernel.support() * widening;
    int taps = (int) Math.ceil(support) * 2 + 1;
    int[] first = new int[to];
    int[] count = new int[to];
    int[] weights = new int[to * taps];
    double[] row = new double[taps];
    for (int out = 0; out < to; out++) {
      double center = (out + 0.5) * scale;
      int low = Math.max((int) (center - support + 0.5), 0);
      int high = Math.min((int) (center + support + 0.5), from);
      double sum = 0;
      for (int i = 0; i < high - low; i++) {
        row[i] = kernel.weight((i + low - center + 0.5) / widening);
        sum += row[i];
      }
      for (int i = 0; i < high - low; i++) {
        double weight = (sum == 0 ? row[i] : row[i] / sum) * (1 << FRACTION_BITS);
        weights[out * taps + i] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
      }
      first[out] = low;
      count[out] = high - low;
    }
    return new ResizeWeights(first, count, taps, weights);
  }

  private static ResizeWeights identity(int length) {
    int[] first = new int[length];
    Arrays.setAll(first, i -> i);
    int[] count = new int[length];
    Arrays.fill(count, 1);
    int[] weights = new int[length];
    Arrays.fill(weights, 1 << FRACTION_BITS);
    return new ResizeWeights(first, count, 1, weights);
  }

  /** One past the last source index that an output needs. */
  int end(int output) {
    return first[output] + count[output];
  }
}
