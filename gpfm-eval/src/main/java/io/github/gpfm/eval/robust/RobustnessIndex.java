package io.github.gpfm.eval.robust;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * PathoROB's robustness index (Kömen et al., arXiv 2507.17845): among the k nearest neighbors of
 * all tiles that share either the class or the center with the tile, but not both, the share of
 * those that share the class. 1: biology decides; 0: the center does. Neighbors are the nearest by
 * Euclidean distance of L2-normalized features, without tiles of the same slide.
 *
 * @param index for k = 1, 2, …; NaN where no neighbor counts
 * @param neighbors the k that is reported: the one whose majority vote calls the class best
 * @param balancedAccuracy of that vote
 * @param counts of each tile: the neighbors up to the reported k that share only the class, and
 *     those that share either but not both
 */
public record RobustnessIndex(
    double[] index, int neighbors, double balancedAccuracy, double[][] counts) {
  private static final int SAME_CLASS = 0;
  private static final int SAME_CENTER = 1;

  /** The index at the reported number of neighbors. */
  public double value() {
    return index[neighbors - 1];
  }

  /** The numbers of neighbors tried: 1, 3, 5, 7, 9, 11, 21, 31, … below a limit. */
  static int[] candidates(int below) {
    return IntStream.concat(
            IntStream.of(1, 3, 5, 7, 9), IntStream.iterate(11, k -> k < below, k -> k + 10))
        .filter(k -> k < Math.max(below, 2))
        .toArray();
  }

  /**
   * Measures tiles.
   *
   * @param data tiles of two or more classes and centers
   * @param most neighbors looked at, at most
   * @throws EvaluationException if no tile has a neighbor of another slide
   */
  public static RobustnessIndex of(CenteredTiles data, int most) {
    int n = data.tiles().size();
    if (data.centerNames().size() < 2 || data.tiles().classes().size() < 2) {
      throw new EvaluationException(
          "the robustness index needs two classes and two centers or more; there are %d and %d"
              .formatted(data.tiles().classes().size(), data.centerNames().size()));
    }
    int[] ks = Arrays.stream(candidates(most)).filter(k -> k <= n).toArray();
    int[][] nearest = nearest(data, ks[ks.length - 1]);
    int depth = Arrays.stream(nearest).mapToInt(row -> row.length).min().orElse(0);
    if (depth == 0) {
      throw new EvaluationException(
          "a tile of '" + data.tiles().name() + "' has no neighbor of another slide");
    }
    double[][] counts = new double[depth][2];
    int[] labels = data.tiles().labels();
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < depth; r++) {
        int j = nearest[i][r];
        boolean sameClass = labels[i] == labels[j];
        boolean sameCenter = data.centers().get(i).equals(data.centers().get(j));
        counts[r][SAME_CLASS] += sameClass && !sameCenter ? 1 : 0;
        counts[r][SAME_CENTER] += !sameClass && sameCenter ? 1 : 0;
      }
    }
    double[] index = new double[depth];
    double ofClass = 0;
    double ofCenter = 0;
    for (int r = 0; r < depth; r++) {
      ofClass += counts[r][SAME_CLASS];
      ofCenter += counts[r][SAME_CENTER];
      index[r] = ofClass / (ofClass + ofCenter);
    }
    int best = 0;
    double highest = -1;
    for (int k : ks) {
      if (k <= depth) {
        double accuracy = accuracy(nearest, labels, data.tiles().classes().size(), k);
        if (accuracy > highest) {
          highest = accuracy;
          best = k;
        }
      }
    }
    double[][] ofTiles = new double[n][2];
    for (int i = 0; i < n; i++) {
      for (int r = 0; r < best; r++) {
        int j = nearest[i][r];
        boolean sameClass = labels[i] == labels[j];
        boolean sameCenter = data.centers().get(i).equals(data.centers().get(j));
        ofTiles[i][0] += sameClass && !sameCenter ? 1 : 0;
        ofTiles[i][1] += sameClass != sameCenter ? 1 : 0;
      }
    }
    return new RobustnessIndex(index, best, highest, ofTiles);
  }

  // As many as the reference asks for: k and the largest slide, then those of other slides.
  private static int[][] nearest(CenteredTiles data, int most) {
    int n = data.tiles().size();
    Map<String, Integer> sizes = new HashMap<>();
    data.slides().forEach(s -> sizes.merge(s, 1, Integer::sum));
    int largest = sizes.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    int asked = Math.min(n, most + largest);
    Matrix x = CenteredTiles.normalized(data.tiles().features());
    int[][] nearest =
        IntStream.range(0, n)
            .parallel()
            .mapToObj(i -> neighbors(data, x, i, asked))
            .toArray(int[][]::new);
    int depth = Arrays.stream(nearest).mapToInt(row -> row.length).min().orElse(0);
    return Arrays.stream(nearest)
        .map(row -> Arrays.copyOf(row, Math.min(depth, row.length)))
        .toArray(int[][]::new);
  }

  private static int[] neighbors(CenteredTiles data, Matrix x, int i, int asked) {
    double[] distance = new double[x.rows()];
    for (int j = 0; j < distance.length; j++) {
      double sum = 0;
      for (int c = 0; c < x.columns(); c++) {
        double d = (double) x.get(i, c) - x.get(j, c);
        sum += d * d;
      }
      distance[j] = sum;
    }
    String own = data.slides().get(i);
    return IntStream.range(0, distance.length)
        .boxed()
        .sorted(Comparator.comparingDouble(j -> distance[j]))
        .limit(asked)
        .filter(j -> !data.slides().get(j).equals(own))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static double accuracy(int[][] nearest, int[] labels, int classes, int k) {
    int[] called = new int[labels.length];
    for (int i = 0; i < called.length; i++) {
      int[] votes = new int[classes];
      for (int r = 0; r < k; r++) {
        votes[labels[nearest[i][r]]]++;
      }
      for (int c = 1; c < classes; c++) {
        called[i] = votes[c] > votes[called[i]] ? c : called[i];
      }
    }
    return ConfusionMatrix.of(labels, called, classes).balancedAccuracy();
  }
}
