package io.github.gpfm.encoder.explain;

import java.util.stream.IntStream;

/** Cosine similarity of features. */
public final class Similarity {
  private Similarity() {}

  /**
   * The cosine of each feature with a query.
   *
   * @param features n x d, row-major
   * @param query length d
   * @return n values from -1 to 1; 0 where a feature or the query has no length
   */
  public static float[] cosine(float[] features, float[] query) {
    int dimension = query.length;
    if (dimension == 0 || features.length % dimension != 0) {
      throw new IllegalArgumentException(
          features.length + " values are not features of length " + dimension);
    }
    double queryLength = Math.sqrt(dot(query, 0, query, dimension));
    float[] result = new float[features.length / dimension];
    IntStream.range(0, result.length)
        .parallel()
        .forEach(
            i -> {
              double length = 0;
              double product = 0;
              for (int j = 0; j < dimension; j++) {
                double value = features[i * dimension + j];
                length += value * value;
                product += value * query[j];
              }
              double scale = Math.sqrt(length) * queryLength;
              result[i] = scale == 0 ? 0 : (float) (product / scale);
            });
    return result;
  }

  /**
   * The features most like a query.
   *
   * @param count how many at most
   * @return their numbers, the most similar first; equal ones in their order
   */
  public static int[] nearest(float[] features, float[] query, int count) {
    float[] cosine = cosine(features, query);
    return IntStream.range(0, cosine.length)
        .boxed()
        .sorted((a, b) -> Float.compare(cosine[b], cosine[a]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double dot(float[] a, int from, float[] b, int length) {
    double sum = 0;
    for (int i = 0; i < length; i++) {
      sum += (double) a[from + i] * b[i];
    }
    return sum;
  }
}
