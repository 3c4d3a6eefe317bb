package io.github.gpfm.distill.expert;

/**
 * How one kind of an expert's tokens is standardized: {@code map (token - mean)}.
 *
 * @param mean E values
 * @param map E x E values, row-major, or E values: the diagonal of a matrix
 */
record TokenMap(float[] mean, float[] map) {
  boolean isMatrix() {
    return map.length > mean.length;
  }
}
