package io.github.gpfm.eval.robust;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.KMeans;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * PathoROB's clustering score: tiles of two classes from two centers are clustered by k-means on
 * L2-normalized features; the score is the adjusted Rand index of the clusters with the classes
 * less that with the centers, mean over trials and over all pairs of classes and centers. 1:
 * clusters are classes; −1: they are centers.
 *
 * @param value the score
 * @param clusters number of clusters of each combination, chosen by the silhouette
 * @param combinations how many pairs of classes and centers there were
 */
public record ClusteringScore(double value, List<Integer> clusters, int combinations) {
  private static final long SEED = 1337;

  /**
   * Measures tiles.
   *
   * @param data tiles of two or more classes and centers
   * @param most largest number of clusters tried, 30 in the reference
   * @param trials clusterings a combination, 50 in the reference
   * @throws EvaluationException if no two classes occur at the same two centers
   */
  public static ClusteringScore of(CenteredTiles data, int most, int trials) {
    List<String> centers = data.centerNames();
    int classes = data.tiles().classes().size();
    List<Integer> chosen = new ArrayList<>();
    double sum = 0;
    for (int a = 0; a < classes; a++) {
      for (int b = a + 1; b < classes; b++) {
        for (int c = 0; c < centers.size(); c++) {
          for (int d = c + 1; d < centers.size(); d++) {
            CenteredTiles part = part(data, a, b, centers.get(c), centers.get(d));
            if (part.tiles().size() > 0) {
              Matrix x = CenteredTiles.normalized(part.tiles().features());
              int k = bestK(x, Math.min(most, part.tiles().size() - 1));
              chosen.add(k);
              sum += score(part, x, k, trials);
            }
          }
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new EvaluationException(
          "'%s' has no two classes at the same two centers".formatted(data.tiles().name()));
    }
    return new ClusteringScore(sum / chosen.size(), List.copyOf(chosen), chosen.size());
  }

  private static CenteredTiles part(CenteredTiles data, int a, int b, String c, String d) {
    int[][] cells = {data.rows(a, c), data.rows(a, d), data.rows(b, c), data.rows(b, d)};
    boolean whole = Arrays.stream(cells).allMatch(cell -> cell.length > 0);
    return data.select(
        whole ? Arrays.stream(cells).flatMapToInt(Arrays::stream).toArray() : new int[0]);
  }

  private static int bestK(Matrix x, int most) {
    int best = 2;
    double highest = Double.NEGATIVE_INFINITY;
    for (int k = 2; k <= most; k++) {
      double score = KMeans.fit(x, k, 20, SEED).silhouette(x);
      if (score > highest) {
        highest = score;
        best = k;
      }
    }
    return best;
  }

  private static double score(CenteredTiles part, Matrix x, int k, int trials) {
    int[] centers = part.centers().stream().mapToInt(c -> part.centerNames().indexOf(c)).toArray();
    double sum = 0;
    for (int t = 0; t < trials; t++) {
      int[] clusters = KMeans.fit(x, k, 5, SEED + t).labels();
      sum += adjustedRand(part.tiles().labels(), clusters) - adjustedRand(centers, clusters);
    }
    return sum / trials;
  }

  /** Rand index adjusted for chance (Hubert and Arabie, 1985); 1 for equal partitions. */
  public static double adjustedRand(int[] first, int[] second) {
    if (first.length != second.length) {
      throw new EvaluationException(first.length + " labels stand against " + second.length);
    }
    Map<List<Integer>, Integer> cells = new HashMap<>();
    Map<Integer, Integer> rows = new HashMap<>();
    Map<Integer, Integer> columns = new HashMap<>();
    IntStream.range(0, first.length)
        .forEach(
            i -> {
              cells.merge(List.of(first[i], second[i]), 1, Integer::sum);
              rows.merge(first[i], 1, Integer::sum);
              columns.merge(second[i], 1, Integer::sum);
            });
    double together = pairs(cells.values());
    double ofFirst = pairs(rows.values());
    double ofSecond = pairs(columns.values());
    double all = pairs(List.of(first.length));
    double expected = all == 0 ? 0 : ofFirst * ofSecond / all;
    double most = (ofFirst + ofSecond) / 2;
    return most == expected ? 1 : (together - expected) / (most - expected);
  }

  private static double pairs(Iterable<Integer> counts) {
    double sum = 0;
    for (int n : counts) {
      sum += (double) n * (n - 1) / 2;
    }
    return sum;
  }
}
