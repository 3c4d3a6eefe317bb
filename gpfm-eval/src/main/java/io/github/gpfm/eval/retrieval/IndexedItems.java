package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Names and features of an index, and exact distances to a query. */
record IndexedItems(List<String> ids, Matrix features) {
  IndexedItems {
    ids = List.copyOf(ids);
    if (ids.size() != features.rows()) {
      throw new EvaluationException(
          ids.size() + " names stand against " + features.rows() + " features to index");
    }
    for (int r = 0; r < features.rows(); r++) {
      check(features.row(r), ids.get(r));
    }
  }

  static void check(float[] values, String name) {
    for (float v : values) {
      if (!Float.isFinite(v)) {
        throw new EvaluationException("the feature of '" + name + "' holds NaN or infinity");
      }
    }
  }

  void checkQuery(float[] query) {
    if (query.length != features.columns()) {
      throw new EvaluationException(
          "a query of "
              + query.length
              + " dimensions cannot search an index of "
              + features.columns());
    }
    check(query, "the query");
  }

  /** The nearest k of some candidates, by exact distance. */
  List<Neighbour> rank(float[] query, IntStream candidates, int k) {
    return candidates
        .mapToObj(i -> new Neighbour(i, ids.get(i), Math.sqrt(squaredDistance(query, i))))
        .sorted(Comparator.comparingDouble(Neighbour::distance).thenComparingInt(Neighbour::index))
        .limit(k)
        .toList();
  }

  private double squaredDistance(float[] query, int row) {
    float[] values = features.values();
    int at = row * query.length;
    double sum = 0;
    for (int c = 0; c < query.length; c++) {
      double d = (double) query[c] - values[at + c];
      sum += d * d;
    }
    return sum;
  }

  /** Squared norm of each row. */
  double[] squaredNorms() {
    double[] norms = new double[features.rows()];
    for (int r = 0; r < norms.length; r++) {
      double sum = 0;
      for (float v :
          Arrays.copyOfRange(
              features.values(), r * features.columns(), (r + 1) * features.columns())) {
        sum += (double) v * v;
      }
      norms[r] = sum;
    }
    return norms;
  }
}
