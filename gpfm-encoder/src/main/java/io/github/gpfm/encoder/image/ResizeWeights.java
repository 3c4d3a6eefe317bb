package io.github.gpfm.encoder.image;

/**
 * Fixed-point weights of one axis of a resize: Pillow's {@code precompute_coeffs} and {@code
 * normalize_coeffs_8bpc}, with 22 fractional bits.
 *
 * @param first first source index of each output
 * @param count number of source values of each output
 * @param taps room for weights per output
 * @param weights outputs x taps
 */
record ResizeWeights(int[] first, int[] count, int taps, int[] weights) {
  static final int FRACTION_BITS = 22;

  static ResizeWeights of(int from, int to, Interpolation kernel) {
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
}
