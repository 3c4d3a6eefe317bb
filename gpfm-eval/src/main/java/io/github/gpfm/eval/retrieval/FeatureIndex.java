package io.github.gpfm.eval.retrieval;

import io.github.gpfm.eval.linalg.Matrix;
import java.util.List;

/**
 * Features to be searched by Euclidean distance. Thread-safe for queries.
 *
 * <pre>{@code
 * try (FeatureIndex index = FeatureIndex.exact(ids, features)) {
 *   index.nearest(encoder.embed(tile), 5).forEach(n -> System.out.println(n.id()));
 * }
 * }</pre>
 */
public interface FeatureIndex extends AutoCloseable {
  /** Compares with every item: exact, in memory, quick up to some hundred thousand items. */
  static FeatureIndex exact(List<String> ids, Matrix features) {
    return new ExactFeatureIndex(ids, features);
  }

  /** A graph of near neighbours (HNSW, by Lucene): approximate, for large sets. */
  static FeatureIndex approximate(List<String> ids, Matrix features) {
    return new HnswFeatureIndex(ids, features);
  }

  /** Number of items. */
  int size();

  /** Length of one feature. */
  int dimension();

  /**
   * The nearest items.
   *
   * @param query a feature
   * @param k how many; fewer are returned if the index is smaller
   * @return nearest first, the lower index first among equals
   * @throws io.github.gpfm.eval.EvaluationException if the dimension differs or a value is not
   *     finite
   */
  List<Neighbour> nearest(float[] query, int k);

  /** Releases memory and files. */
  @Override
  void close();
}
