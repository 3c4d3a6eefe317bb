package io.github.gpfm.eval.linalg;

import io.github.gpfm.eval.EvaluationException;

/**
 * Principal components of features.
 *
 * @param mean column means
 * @param components one unit vector a row, by falling variance
 * @param variance variance along each, divisor n - 1
 */
public record Pca(float[] mean, Matrix components, double[] variance) {
  /**
   * @param features at least two rows
   * @param count number of components, at most the number of columns
   */
  public static Pca of(Matrix features, int count) {
    if (features.rows() < 2 || count < 1 || count > features.columns()) {
      throw new EvaluationException(
          count
              + " components cannot be found in "
              + features.rows()
              + " features of "
              + features.columns()
              + " dimensions");
    }
    float[] mean = Standardizer.of(features).mean();
    Matrix centred = centred(features, mean);
    Matrix scatter = LinearAlgebra.get().multiply(centred, true, centred, false);
    int d = features.columns();
    double[][] covariance = new double[d][d];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < d; j++) {
        covariance[i][j] =
            ((double) scatter.get(i, j) + scatter.get(j, i)) / 2 / (features.rows() - 1);
      }
    }
    LinearAlgebra.Eigen eigen = LinearAlgebra.get().eigen(covariance);
    Matrix components = Matrix.zeros(count, d);
    double[] variance = new double[count];
    for (int i = 0; i < count; i++) {
      variance[i] = eigen.values()[i];
      for (int j = 0; j < d; j++) {
        components.set(i, j, (float) eigen.vectors()[i][j]);
      }
    }
    return new Pca(mean, components, variance);
  }

  /** Coordinates along the components, rows x count. */
  public Matrix project(Matrix features) {
    return LinearAlgebra.get().multiply(centred(features, mean), false, components, true);
  }

  private static Matrix centred(Matrix features, float[] mean) {
    Matrix result = features.copy();
    for (int r = 0; r < features.rows(); r++) {
      for (int c = 0; c < mean.length; c++) {
        result.set(r, c, features.get(r, c) - mean[c]);
      }
    }
    return result;
  }
}
