package io.github.gpfm.eval.linalg;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** OpenBLAS through ND4J. */
final class Nd4jLinearAlgebra implements LinearAlgebra {
  Nd4jLinearAlgebra() {
    // Forces the natives to load here, where their absence can still be answered.
    try (INDArray probe = Nd4j.create(new float[] {1, 2}, new long[] {1, 2}, 'c')) {
      if (probe.length() != 2) {
        throw new IllegalStateException("ND4J does not work");
      }
    }
  }

  @Override
  public String name() {
    return "nd4j";
  }

  @Override
  public Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB) {
    PlainLinearAlgebra.checkInner(
        transposeA ? a.rows() : a.columns(), transposeB ? b.columns() : b.rows());
    int rows = transposeA ? a.columns() : a.rows();
    int columns = transposeB ? b.rows() : b.columns();
    if (rows == 0 || columns == 0) {
      return Matrix.zeros(rows, columns);
    }
    try (INDArray x = array(a);
        INDArray y = array(b);
        INDArray product = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, columns})) {
      Nd4j.gemm(x, y, product, transposeA, transposeB, 1.0, 0.0);
      return Matrix.of(rows, columns, product.dup('c').data().asFloat());
    }
  }

  private static INDArray array(Matrix m) {
    return Nd4j.create(m.values(), new long[] {m.rows(), m.columns()}, 'c');
  }

  /** By Cholesky in plain Java: ND4J's own solver inverts, which is slower by an order. */
  @Override
  public double[][] solve(double[][] a, double[][] b) {
    return PlainLinearAlgebra.cholesky(a, b);
  }

  @Override
  public Eigen eigen(double[][] a) {
    int n = a.length;
    try (INDArray vectors = Nd4j.createFromArray(a).dup('f');
        INDArray values =
            org.nd4j.linalg.eigen.Eigen.symmetricGeneralizedEigenvalues(vectors, true)) {
      double[] ascending = values.toDoubleVector();
      double[][] columns = vectors.toDoubleMatrix();
      double[] descending = new double[n];
      double[][] rows = new double[n][n];
      for (int i = 0; i < n; i++) {
        descending[i] = ascending[n - 1 - i];
        for (int j = 0; j < n; j++) {
          rows[i][j] = columns[j][n - 1 - i];
        }
      }
      return new Eigen(descending, rows);
    }
  }
}
