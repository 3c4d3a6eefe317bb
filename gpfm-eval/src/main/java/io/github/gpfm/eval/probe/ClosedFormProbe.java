package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;

/**
 * Ridge regression on one-hot classes or on numbers, in one linear solve. Features are standardized
 * by the training set; the bias is not penalized. A quick baseline beside the probes that are
 * trained.
 */
public final class ClosedFormProbe {
  private final Standardizer standardizer;
  private final double[][] weight;

  private ClosedFormProbe(Standardizer standardizer, double[][] weight) {
    this.standardizer = standardizer;
    this.weight = weight;
  }

  /**
   * Ridge regression.
   *
   * @param penalty added to the diagonal of the normal equations, positive
   */
  public static ClosedFormProbe ridge(LabelledFeatures train, double penalty) {
    double[][] target = new double[train.size()][train.classes().size()];
    for (int i = 0; i < target.length; i++) {
      target[i][train.labels()[i]] = 1;
    }
    return ridge(train.features(), target, penalty);
  }

  /**
   * Ridge regression of numbers.
   *
   * @param features one row a case
   * @param targets one row a case, one column a number
   * @param penalty added to the diagonal of the normal equations, positive
   */
  public static ClosedFormProbe ridge(Matrix features, double[][] targets, double penalty) {
    Standardizer standardizer = Standardizer.of(features);
    Matrix x = withOnes(standardizer.apply(features));
    return new ClosedFormProbe(
        standardizer, LinearAlgebra.get().solve(gram(x, penalty), project(x, targets)));
  }

  /** Class scores of each row: regression values or logits. */
  public double[][] scores(Matrix features) {
    if (features.columns() + 1 != weight.length) {
      throw new EvaluationException(
          "features of "
              + features.columns()
              + " dimensions do not fit a probe of "
              + (weight.length - 1));
    }
    return product(withOnes(standardizer.apply(features)), weight);
  }

  private static Matrix withOnes(Matrix m) {
    Matrix result = Matrix.zeros(m.rows(), m.columns() + 1);
    for (int r = 0; r < m.rows(); r++) {
      System.arraycopy(
          m.values(), r * m.columns(), result.values(), r * result.columns(), m.columns());
      result.set(r, m.columns(), 1);
    }
    return result;
  }

  private static double[][] gram(Matrix x, double penalty) {
    if (!(penalty > 0)) {
      throw new EvaluationException("the penalty must be positive; it is " + penalty);
    }
    Matrix g = LinearAlgebra.get().multiply(x, true, x, false);
    double[][] result = new double[x.columns()][x.columns()];
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[i][j] = ((double) g.get(i, j) + g.get(j, i)) / 2;
      }
      // The last column is the bias.
      result[i][i] += i + 1 < result.length ? penalty : 0;
    }
    return result;
  }

  private static double[][] project(Matrix x, double[][] target) {
    return rows(LinearAlgebra.get().multiply(x, true, floats(target), false));
  }

  private static double[][] product(Matrix x, double[][] weight) {
    return rows(LinearAlgebra.get().multiply(x, false, floats(weight), false));
  }

  private static Matrix floats(double[][] values) {
    Matrix result = Matrix.zeros(values.length, values[0].length);
    for (int r = 0; r < result.rows(); r++) {
      for (int c = 0; c < result.columns(); c++) {
        result.set(r, c, (float) values[r][c]);
      }
    }
    return result;
  }

  private static double[][] rows(Matrix m) {
    double[][] result = new double[m.rows()][m.columns()];
    for (int r = 0; r < m.rows(); r++) {
      for (int c = 0; c < m.columns(); c++) {
        result[r][c] = m.get(r, c);
      }
    }
    return result;
  }
}
