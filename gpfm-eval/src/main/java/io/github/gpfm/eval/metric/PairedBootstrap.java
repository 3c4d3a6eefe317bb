package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.stream.IntStream;

/**
 * The difference of two figures over replicates drawn alike for both.
 *
 * @param difference first minus second, with the percentile interval of the replicates
 * @param p two-sided: twice the smaller share of replicates on either side of zero, each counted
 *     with one replicate more, so that it is never 0
 */
public record PairedBootstrap(Interval difference, double p) {
  /**
   * @param first figure on the cases as they are
   * @param second the other's
   * @param firstReplicates figure on each replicate
   * @param secondReplicates the other's on the same replicates
   */
  public static PairedBootstrap of(
      double first, double second, double[] firstReplicates, double[] secondReplicates) {
    if (firstReplicates.length != secondReplicates.length) {
      throw new EvaluationException(
          firstReplicates.length + " replicates cannot be paired with " + secondReplicates.length);
    }
    double[] differences =
        IntStream.range(0, firstReplicates.length)
            .mapToDouble(r -> firstReplicates[r] - secondReplicates[r])
            .filter(d -> !Double.isNaN(d))
            .toArray();
    long notAbove = IntStream.range(0, differences.length).filter(r -> differences[r] <= 0).count();
    long notBelow = IntStream.range(0, differences.length).filter(r -> differences[r] >= 0).count();
    double p =
        differences.length == 0
            ? Double.NaN
            : Math.min(1, 2.0 * (Math.min(notAbove, notBelow) + 1) / (differences.length + 1));
    return new PairedBootstrap(Interval.of(first - second, differences), p);
  }
}
