package io.github.gpfm.eval.linalg;

/**
 * The dense operations evaluation needs. {@link #get()} gives the ND4J one, or the plain Java one
 * where ND4J or its natives are excluded from the class path.
 */
public interface LinearAlgebra {
  /** {@code nd4j} or {@code plain}: which implementation this is. */
  String name();

  /**
   * Matrix product op(a) · op(b), where op transposes if asked.
   *
   * @throws io.github.gpfm.eval.EvaluationException if the inner dimensions differ
   */
  Matrix multiply(Matrix a, boolean transposeA, Matrix b, boolean transposeB);

  /**
   * Solves A X = B for a symmetric positive definite A.
   *
   * @param a n x n
   * @param b n x m
   * @return n x m
   */
  double[][] solve(double[][] a, double[][] b);

  /**
   * Eigenvalues (descending) and eigenvectors of a symmetric matrix.
   *
   * @param a n x n
   */
  Eigen eigen(double[][] a);

  /**
   * Decomposition of a symmetric matrix.
   *
   * @param values eigenvalues, descending
   * @param vectors row i is the unit eigenvector of value i
   */
  record Eigen(double[] values, double[][] vectors) {}

  /** The implementation in use; property {@code gpfm.eval.linalg} = nd4j or plain forces one. */
  static LinearAlgebra get() {
    return LinearAlgebras.inUse();
  }
}
