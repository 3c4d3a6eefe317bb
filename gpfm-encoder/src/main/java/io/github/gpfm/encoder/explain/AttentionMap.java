package io.github.gpfm.encoder.explain;

/**
 * How much the class token looks at each patch of an image, per head of the last block.
 *
 * @param heads attention heads
 * @param rows patch rows
 * @param columns patch columns
 * @param weights heads x rows x columns, row-major, each at least 0; a head's weights sum to at
 *     most 1 (the class token itself and registers have the rest); not copied
 */
public record AttentionMap(int heads, int rows, int columns, float[] weights) {
  /** Checks the length. */
  public AttentionMap {
    if ((long) heads * rows * columns != weights.length) {
      throw new IllegalArgumentException(
          "%d x %d x %d do not fit %d weights".formatted(heads, rows, columns, weights.length));
    }
  }

  /** The weights of one head: rows x columns. */
  public float[] head(int head) {
    if (head < 0 || head >= heads) {
      throw new IndexOutOfBoundsException("head " + head + " of " + heads);
    }
    float[] values = new float[rows * columns];
    System.arraycopy(weights, head * values.length, values, 0, values.length);
    return values;
  }

  /** The mean over the heads: rows x columns. */
  public float[] mean() {
    float[] values = new float[rows * columns];
    for (int i = 0; i < weights.length; i++) {
      values[i % values.length] += weights[i] / heads;
    }
    return values;
  }
}
