package io.github.gpfm.distill.expert;

/**
 * Tokens of n crops.
 *
 * @param dimension length E of a class token
 * @param classTokens n x E, row-major
 * @param rows rows of the patch grid; 0 without patch tokens
 * @param columns columns of the patch grid
 * @param patchTokens n x rows x columns x P, where P is the length of a patch token; empty without
 *     patch tokens
 */
public record ExpertTokens(
    int dimension, float[] classTokens, int rows, int columns, float[] patchTokens) {
  /** Without patch tokens. */
  public static ExpertTokens ofClasses(int dimension, float[] classTokens) {
    return new ExpertTokens(dimension, classTokens, 0, 0, new float[0]);
  }

  /** Length of a patch token; 0 without patch tokens. */
  public int patchDimension() {
    int tokens = classTokens.length / dimension * rows * columns;
    return tokens == 0 ? 0 : patchTokens.length / tokens;
  }

  /** The same tokens brought to unit length. */
  public ExpertTokens normalized() {
    return new ExpertTokens(
        dimension,
        unit(classTokens, dimension),
        rows,
        columns,
        patchTokens.length == 0 ? patchTokens : unit(patchTokens, patchDimension()));
  }

  private static float[] unit(float[] tokens, int length) {
    float[] result = tokens.clone();
    for (int start = 0; start < result.length; start += length) {
      double sum = 0;
      for (int i = 0; i < length; i++) {
        sum += (double) result[start + i] * result[start + i];
      }
      float scale = (float) (1 / Math.max(Math.sqrt(sum), 1e-12));
      for (int i = 0; i < length; i++) {
        result[start + i] *= scale;
      }
    }
    return result;
  }
}
