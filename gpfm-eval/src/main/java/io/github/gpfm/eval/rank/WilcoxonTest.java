package io.github.gpfm.eval.rank;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Wilcoxon's signed-rank test of paired figures. Zero differences are left out; without ties and
 * with at most 50 pairs the distribution is exact, otherwise normal with the correction for ties.
 *
 * @param statistic sum of the ranks of the positive differences
 * @param pairs number of non-zero differences
 * @param greater one-sided probability, alternative "first is greater"
 * @param twoSided two-sided probability
 */
public record WilcoxonTest(double statistic, int pairs, double greater, double twoSided) {
  private static final int EXACT = 50;

  /**
   * @param first figures of one encoder
   * @param second figures of the other on the same tasks or replicates
   */
  public static WilcoxonTest of(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new EvaluationException(
          first.length + " figures cannot be paired with " + second.length);
    }
    double[] differences =
        IntStream.range(0, first.length)
            .mapToDouble(i -> first[i] - second[i])
            .filter(d -> d != 0)
            .toArray();
    int n = differences.length;
    if (n == 0) {
      return new WilcoxonTest(0, 0, 1, 1);
    }
    double[] ranks = RankTable.rankAscending(Arrays.stream(differences).map(Math::abs).toArray());
    double positive = 0;
    double tieTerm = 0;
    for (int i = 0; i < n; i++) {
      positive += differences[i] > 0 ? ranks[i] : 0;
    }
    double[] sorted = ranks.clone();
    Arrays.sort(sorted);
    for (int from = 0; from < n; ) {
      int to = from;
      while (to < n && sorted[to] == sorted[from]) {
        to++;
      }
      double t = to - from;
      tieTerm += t * t * t - t;
      from = to;
    }
    if (tieTerm == 0 && n <= EXACT && n == first.length) {
      return exact(positive, n);
    }
    double mean = n * (n + 1.0) / 4;
    double sd = Math.sqrt(n * (n + 1.0) * (2 * n + 1.0) / 24 - tieTerm / 48);
    NormalDistribution normal = new NormalDistribution();
    double z = (positive - mean) / sd;
    double greater = normal.cumulativeProbability(-z);
    double twoSided = Math.min(1, 2 * normal.cumulativeProbability(-Math.abs(z)));
    return new WilcoxonTest(positive, n, greater, twoSided);
  }

  // Number of subsets of 1..n by their sum.
  private static WilcoxonTest exact(double positive, int n) {
    int most = n * (n + 1) / 2;
    double[] ways = new double[most + 1];
    ways[0] = 1;
    for (int r = 1; r <= n; r++) {
      for (int s = most; s >= r; s--) {
        ways[s] += ways[s - r];
      }
    }
    double total = Math.pow(2, n);
    int w = (int) Math.round(positive);
    double above = Arrays.stream(ways, w, most + 1).sum() / total;
    double below = Arrays.stream(ways, 0, w + 1).sum() / total;
    return new WilcoxonTest(positive, n, above, Math.min(1, 2 * Math.min(above, below)));
  }
}
