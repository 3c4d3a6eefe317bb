package io.github.gpfm.eval.rank;

import io.github.gpfm.eval.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import org.apache.commons.math3.distribution.NormalDistribution;

/** Nemenyi's critical difference of mean ranks (Demšar, JMLR 7, 2006, section 3.2.2). */
public final class Nemenyi {
  private static final int INTERVALS = 400;
  private static final NormalDistribution NORMAL = new NormalDistribution();

  private Nemenyi() {}

  /**
   * Two mean ranks differ significantly if they differ by at least this.
   *
   * @param encoders number of encoders k, at least 2
   * @param tasks number of tasks N, at least 1
   * @param alpha level, for instance 0.05
   */
  public static double criticalDifference(int encoders, int tasks, double alpha) {
    if (encoders < 2 || tasks < 1 || !(alpha > 0 && alpha < 1)) {
      throw new EvaluationException(
          "no critical difference of " + encoders + " encoders on " + tasks + " tasks at " + alpha);
    }
    double q = studentizedRangeQuantile(encoders, 1 - alpha) / Math.sqrt(2);
    return q * Math.sqrt(encoders * (encoders + 1.0) / (6.0 * tasks));
  }

  /**
   * Quantile of the range of k standard normal values (the studentised range with infinitely many
   * degrees of freedom).
   */
  static double studentizedRangeQuantile(int k, double probability) {
    return new BrentSolver(1e-10).solve(200, q -> rangeProbability(k, q) - probability, 1e-6, 20.0);
  }

  // P(range <= q) = k * integral of phi(z) (Phi(z) - Phi(z - q))^(k-1), by the trapezoidal rule,
  // which is exact to rounding for an integrand that is smooth and vanishes at both ends.
  private static double rangeProbability(int k, double q) {
    double from = -9;
    double step = (18 + q) / INTERVALS;
    double sum = 0;
    for (int i = 0; i <= INTERVALS; i++) {
      double z = from + i * step;
      double inside = NORMAL.cumulativeProbability(z) - NORMAL.cumulativeProbability(z - q);
      sum += NORMAL.density(z) * Math.pow(inside, k - 1);
    }
    return k * sum * step;
  }

  /**
   * Groups of encoders that do not differ significantly: maximal runs, in order of mean rank, whose
   * ends are closer than the critical difference.
   *
   * @param sortedMeans mean ranks, ascending
   * @return first and last index of each run of at least two
   */
  public static List<int[]> cliques(double[] sortedMeans, double criticalDifference) {
    List<int[]> cliques = new ArrayList<>();
    int reached = -1;
    for (int from = 0; from < sortedMeans.length; from++) {
      int to = from;
      while (to + 1 < sortedMeans.length
          && sortedMeans[to + 1] - sortedMeans[from] < criticalDifference) {
        to++;
      }
      if (to > from && to > reached) {
        cliques.add(new int[] {from, to});
        reached = to;
      }
    }
    return cliques;
  }
}
