package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The difference of two figures over replicates drawn alike for both.
 *
 * @param difference first minus second, with the interval of the replicates
 * @param p two-sided: twice the smaller share of replicates on either side of zero, each counted
 *     with one replicate more, so that it is never 0; expanded as the interval is, so that it is
 *     below 0.05 where the interval leaves zero out, but for the one replicate
 */
public record PairedBootstrap(Interval difference, double p) {
  /**
   * By plain percentiles.
   *
   * @param first figure on the cases as they are
   * @param second the other's
   * @param firstReplicates figure on each replicate
   * @param secondReplicates the other's on the same replicates
   */
  public static PairedBootstrap of(
      double first, double second, double[] firstReplicates, double[] secondReplicates) {
    double[] differences = differences(firstReplicates, secondReplicates);
    double p = Math.min(1, 2 * smallerShare(differences));
    return new PairedBootstrap(Interval.of(first - second, differences), p);
  }

  /**
   * By percentiles that are expanded for few cases, as {@link Interval#expanded}.
   *
   * @param cases the cases drawn
   */
  public static PairedBootstrap expanded(
      double first, double second, double[] firstReplicates, double[] secondReplicates, int cases) {
    double[] differences = differences(firstReplicates, secondReplicates);
    double share = Math.min(0.5, smallerShare(differences));
    double p = Double.isNaN(share) ? share : 2 * Interval.nominalTail(share, cases);
    return new PairedBootstrap(Interval.expanded(first - second, differences, cases), p);
  }

  private static double[] differences(double[] firstReplicates, double[] secondReplicates) {
    if (firstReplicates.length != secondReplicates.length) {
      throw new EvaluationException(
          firstReplicates.length + " replicates cannot be paired with " + secondReplicates.length);
    }
    return IntStream.range(0, firstReplicates.length)
        .mapToDouble(r -> firstReplicates[r] - secondReplicates[r])
        .filter(d -> !Double.isNaN(d))
        .toArray();
  }

  private static double smallerShare(double[] differences) {
    long notAbove = Arrays.stream(differences).filter(d -> d <= 0).count();
    long notBelow = Arrays.stream(differences).filter(d -> d >= 0).count();
    return differences.length == 0
        ? Double.NaN
        : (Math.min(notAbove, notBelow) + 1.0) / (differences.length + 1);
  }
}
