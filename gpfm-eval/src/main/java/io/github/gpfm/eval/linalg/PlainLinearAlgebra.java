package io.github.gpfm.eval.linalg;

import io.github.gpfm.eval.EvaluationException;
import java.util.stream.IntStream;
import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.NonPositiveDefiniteMatrixException;

/** Without native libraries: loops for the product, Commons Math for the decompositions. */
final class PlainLinearAlgebra implements LinearAlgebra {
  @Override
  public String name() {
    return "plain";
  }

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    Matrix left = transposeA ? transpose(a) : a;
    // The second factor is walked along rows, so its transposed form is the natural one.
    Matrix right = transposeB ? b : transpose(b);
    checkInner(left.columns(), right.columns());
    int inner = left.columns();
    Matrix result = Matrix.zeros(left.rows(), right.rows());
    float[] x = left.values();
    float[] y = right.values();
    IntStream.range(0, left.rows())
        .parallel()
        .forEach(
            i -> {
              for (int j = 0; j < right.rows(); j++) {
                double sum = 0;
                for (int k = 0; k < inner; k++) {
                  sum += (double) x[i * inner + k] * y[j * inner + k];
                }
                result.set(i, j, (float) sum);
              }
            });
    return result;
  }

  static void checkInner(int left, int right) {
    if (left != right) {
      throw new EvaluationException(
          "features of " + left + " and " + right + " dimensions cannot be multiplied");
    }
  }

  private static Matrix transpose(Matrix m) {
    Matrix result = Matrix.zeros(m.columns(), m.rows());
    for (int r = 0; r < m.rows(); r++) {
      for (int c = 0; c < m.columns(); c++) {
        result.set(c, r, m.get(r, c));
      }
    }
    return result;
  }

  @Override
  public double[][] solve(double[][] a, double[][] b) {
    return cholesky(a, b);
  }

  static double[][] cholesky(double[][] a, double[][] b) {
    try {
      return new CholeskyDecomposition(new Array2DRowRealMatrix(a, false), 1e-8, 0)
          .getSolver()
          .solve(new Array2DRowRealMatrix(b, false))
          .getData();
    } catch (NonPositiveDefiniteMatrixException e) {
      throw new EvaluationException(
          "the normal equations of " + a.length + " features are singular; raise the ridge", e);
    }
  }

  @Override
  public Eigen eigen(double[][] a) {
    EigenDecomposition decomposition = new EigenDecomposition(new Array2DRowRealMatrix(a, false));
    double[] values = decomposition.getRealEigenvalues();
    double[][] vectors = new double[values.length][];
    for (int i = 0; i < values.length; i++) {
      vectors[i] = decomposition.getEigenvector(i).toArray();
    }
    return new Eigen(values, vectors);
  }
}
