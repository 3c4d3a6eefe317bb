package io.github.gpfm.examples.programs;

import io.github.gpfm.encoder.features.FeatureReader;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The tiles of a slide most like one of them, by the cosine of their features. */
public final class Retrieval {
  private Retrieval() {}

  /**
   * @param args feature file, number of the tile, how many to show
   */
  public static void main(String[] args) {
    int query = Integer.parseInt(args[1]);
    try (FeatureReader features = FeatureReader.openVectors(Path.of(args[0]))) {
      float[] wanted = features.read(query, 1);
      double[] cosine =
          IntStream.range(0, features.rows())
              .mapToDouble(i -> cosine(wanted, features.read(i, 1)))
              .toArray();
      long[] coords = features.coords();
      IntStream.range(0, cosine.length)
          .boxed()
          .sorted(Comparator.comparingDouble((Integer i) -> -cosine[i]))
          .limit(Long.parseLong(args[2]))
          .forEach(
              i ->
                  System.out.printf(
                      "tile %d at %d,%d: %.4f%n", i, coords[2 * i], coords[2 * i + 1], cosine[i]));
    }
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
