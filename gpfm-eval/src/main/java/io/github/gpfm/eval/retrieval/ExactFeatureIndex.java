package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.TopK;
import java.util.Arrays;
import java.util.List;

/**
 * Every item compared: ‖x‖² - 2 q·x by one matrix product picks candidates, whose distances are
 * then computed anew in double precision, because the product alone loses the last digits.
 */
final class ExactFeatureIndex implements FeatureIndex {
  private static final int SPARE = 32;

  private final IndexedItems items;
  private final double[] norms;

  ExactFeatureIndex(List<String> ids, Matrix features) {
    this.items = new IndexedItems(ids, features);
    this.norms = items.squaredNorms();
  }

  @Override
  public int size() {
    return items.features().rows();
  }

  @Override
  public int dimension() {
    return items.features().columns();
  }

  @Override
  public List<Neighbour> nearest(float[] query, int k) {
    items.checkQuery(query);
    Matrix dot =
        LinearAlgebra.get()
            .multiply(Matrix.of(1, query.length, query), false, items.features(), true);
    float[] closeness = new float[size()];
    for (int i = 0; i < closeness.length; i++) {
      closeness[i] = (float) (2.0 * dot.get(0, i) - norms[i]);
    }
    int[] candidates = TopK.largest(closeness, Math.min(size(), k + SPARE));
    return items.rank(query, Arrays.stream(candidates), k);
  }

  @Override
  public void close() {
    // Nothing outside the heap.
  }
}
