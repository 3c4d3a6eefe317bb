package io.github.gpfm.eval.probe;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.TopK;

/**
 * Weighted nearest neighbours as in the paper: both sides L2-normalised, dot product; the weights
 * are the softmax of the K largest similarities over a temperature; the score of k neighbours is
 * the weight of the first k, not normalised again.
 *
 * @param maxNeighbours K of the softmax
 * @param temperature divisor of the similarities
 */
public record KnnClassifier(int maxNeighbours, double temperature) {
  /** K = 20, temperature 0.07. */
  public static KnnClassifier paper() {
    return new KnnClassifier(20, 0.07);
  }

  /**
   * Class scores of each query.
   *
   * @param k how many of the K neighbours vote
   * @return queries x classes
   */
  public double[][] scores(LabelledFeatures train, LabelledFeatures queries, int k) {
    train.checkSameDimension(queries);
    if (k < 1 || k > maxNeighbours) {
      throw new EvaluationException(k + " neighbours are outside 1.." + maxNeighbours);
    }
    if (train.size() == 0) {
      throw new EvaluationException("'" + train.name() + "' holds no tile to be a neighbour");
    }
    int most = Math.min(maxNeighbours, train.size());
    Matrix similarity =
        LinearAlgebra.get()
            .multiply(normalised(queries.features()), false, normalised(train.features()), true);
    double[][] scores = new double[queries.size()][train.classes().size()];
    for (int q = 0; q < scores.length; q++) {
      float[] row = similarity.row(q);
      int[] nearest = TopK.largest(row, most);
      double[] scaled = new double[most];
      for (int j = 0; j < most; j++) {
        scaled[j] = row[nearest[j]] / temperature;
      }
      double[] weights = SoftmaxRegression.softmax(scaled);
      for (int j = 0; j < Math.min(k, most); j++) {
        scores[q][train.labels()[nearest[j]]] += weights[j];
      }
    }
    return scores;
  }

  /** Rows divided by their Euclidean norm (at least 1e-12). */
  static Matrix normalised(Matrix m) {
    Matrix result = m.copy();
    for (int r = 0; r < m.rows(); r++) {
      double squares = 0;
      for (int c = 0; c < m.columns(); c++) {
        squares += (double) m.get(r, c) * m.get(r, c);
      }
      double norm = Math.max(Math.sqrt(squares), 1e-12);
      for (int c = 0; c < m.columns(); c++) {
        result.set(r, c, (float) (m.get(r, c) / norm));
      }
    }
    return result;
  }
}
