package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/** An index that picks candidates by its own means and sorts them by exact distance. */
abstract class CandidateIndex implements FeatureIndex {
  private final IndexedItems items;

  CandidateIndex(List<String> ids, Matrix features) {
    this.items = new IndexedItems(ids, features);
  }

  /** Rows among which the nearest k are, a few more than k. */
  abstract IntStream candidates(float[] query, int k);

  IndexedItems items() {
    return items;
  }

  @Override
  public final int size() {
    return items.features().rows();
  }

  @Override
  public final int dimension() {
    return items.features().columns();
  }

  @Override
  public final List<Neighbour> nearest(float[] query, int k) {
    items.checkQuery(query);
    return items.rank(query, candidates(query, k), k);
  }
}
