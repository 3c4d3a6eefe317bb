package io.github.gpfm.eval.linalg;

/**
 * Mean and unbiased standard deviation of each column, and the subtraction and division by them.
 *
 * @param mean one value a column
 * @param std one value a column, divisor n - 1
 */
public record Standardizer(float[] mean, float[] std) {
  /** Measures columns; needs two rows for a deviation (otherwise 0). */
  public static Standardizer of(Matrix m) {
    float[] mean = new float[m.columns()];
    float[] std = new float[m.columns()];
    for (int c = 0; c < mean.length; c++) {
      double sum = 0;
      for (int r = 0; r < m.rows(); r++) {
        sum += m.get(r, c);
      }
      double mu = sum / Math.max(1, m.rows());
      double squares = 0;
      for (int r = 0; r < m.rows(); r++) {
        squares += (m.get(r, c) - mu) * (m.get(r, c) - mu);
      }
      mean[c] = (float) mu;
      std[c] = (float) Math.sqrt(squares / Math.max(1, m.rows() - 1));
    }
    return new Standardizer(mean, std);
  }

  /**
   * (x - mean) / std. A column that never varies carries no information and becomes 0; dividing by
   * its zero deviation, as the reference does, would make every distance NaN.
   */
  public Matrix apply(Matrix m) {
    Matrix result = Matrix.zeros(m.rows(), m.columns());
    for (int r = 0; r < m.rows(); r++) {
      for (int c = 0; c < mean.length; c++) {
        if (std[c] > 0) {
          result.set(r, c, (m.get(r, c) - mean[c]) / std[c]);
        }
      }
    }
    return result;
  }
}
