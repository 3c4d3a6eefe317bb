package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;

/**
 * Linear classifiers that need no schedule: ridge regression on one-hot classes, and multinomial
 * logistic regression with an L2 penalty by Newton's method with the fixed curvature bound of
 * Böhning (1992), every step of which is a linear solve. Features are standardised by the training
 * set. Both are quick baselines beside the paper's probe.
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
    Standardizer standardizer = Standardizer.of(train.features());
    Matrix x = withOnes(standardizer.apply(train.features()));
    double[][] target = new double[train.size()][train.classes().size()];
    for (int i = 0; i < target.length; i++) {
      target[i][train.labels()[i]] = 1;
    }
    return new ClosedFormProbe(
        standardizer, LinearAlgebra.get().solve(gram(x, 1, penalty), project(x, target)));
  }

  /**
   * Logistic regression.
   *
   * @param penalty weight of half the squared norm, positive
   * @param steps Newton steps
   */
  public static ClosedFormProbe logistic(LabelledFeatures train, double penalty, int steps) {
    Standardizer standardizer = Standardizer.of(train.features());
    Matrix x = withOnes(standardizer.apply(train.features()));
    int classes = train.classes().size();
    // The Hessian is bounded by 1/2 (I - 1/C) ⊗ XᵀX: one factor serves every step.
    double[][] curvature = gram(x, 0.5, penalty);
    double[][] weight = new double[x.columns()][classes];
    for (int s = 0; s < steps; s++) {
      double[][] logits = product(x, weight);
      double[][] residual = new double[logits.length][];
      for (int i = 0; i < logits.length; i++) {
        residual[i] = SoftmaxRegression.softmax(logits[i]);
        for (int c = 0; c < classes; c++) {
          residual[i][c] = (c == train.labels()[i] ? 1 : 0) - residual[i][c];
        }
      }
      double[][] gradient = project(x, residual);
      for (int j = 0; j < weight.length; j++) {
        for (int c = 0; c < classes; c++) {
          gradient[j][c] -= penalty * weight[j][c];
        }
      }
      double[][] step = LinearAlgebra.get().solve(curvature, gradient);
      for (int j = 0; j < weight.length; j++) {
        for (int c = 0; c < classes; c++) {
          weight[j][c] += step[j][c];
        }
      }
    }
    return new ClosedFormProbe(standardizer, weight);
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

  private static double[][] gram(Matrix x, double factor, double penalty) {
    if (!(penalty > 0)) {
      throw new EvaluationException("the penalty must be positive; it is " + penalty);
    }
    Matrix g = LinearAlgebra.get().multiply(x, true, x, false);
    double[][] result = new double[x.columns()][x.columns()];
    for (int i = 0; i < result.length; i++) {
      for (int j = 0; j < result.length; j++) {
        result[i][j] = factor * (g.get(i, j) + g.get(j, i)) / 2;
      }
      result[i][i] += penalty;
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
