package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * DeLong's test of two areas under the curve on the same cases (DeLong et al., 1988), by placement
 * values.
 *
 * @param first area of the first scores
 * @param second area of the second
 * @param standardError of the difference
 * @param z difference over its standard error; 0 where the scores rank alike
 * @param p two-sided
 */
public record DeLongTest(double first, double second, double standardError, double z, double p) {
  /**
   * @param first scores, higher means more likely positive
   * @param second other scores of the same cases
   * @param positive truth
   * @throws EvaluationException with fewer than two positive or two negative cases
   */
  public static DeLongTest of(double[] first, double[] second, boolean[] positive) {
    if (first.length != positive.length || second.length != positive.length) {
      throw new EvaluationException(
          first.length + " and " + second.length + " scores for " + positive.length + " labels");
    }
    int[] yes = IntStream.range(0, positive.length).filter(i -> positive[i]).toArray();
    int[] no = IntStream.range(0, positive.length).filter(i -> !positive[i]).toArray();
    if (yes.length < 2 || no.length < 2) {
      throw new EvaluationException(
          "DeLong's test needs two positive and two negative cases; there are "
              + yes.length
              + " and "
              + no.length);
    }
    double[][] up = {placements(first, yes, no), placements(second, yes, no)};
    double[][] down = {placements(first, no, yes), placements(second, no, yes)};
    double a = mean(up[0]);
    double b = mean(up[1]);
    double variance =
        varianceOfDifference(up[0], up[1]) / yes.length
            + varianceOfDifference(down[0], down[1]) / no.length;
    double error = Math.sqrt(variance);
    if (error == 0) {
      return new DeLongTest(
          a, b, 0, a == b ? 0 : Math.signum(a - b) * Double.POSITIVE_INFINITY, a == b ? 1 : 0);
    }
    double z = (a - b) / error;
    double p = 2 * new NormalDistribution().cumulativeProbability(-Math.abs(z));
    return new DeLongTest(a, b, error, z, p);
  }

  // Share of the others a case is ranked on the right side of; ties one half. The sign of the
  // comparison does not matter for variances, so negatives are placed as 1 - share.
  private static double[] placements(double[] scores, int[] of, int[] among) {
    double[] sorted = IntStream.of(among).mapToDouble(i -> scores[i]).sorted().toArray();
    double[] result = new double[of.length];
    for (int k = 0; k < of.length; k++) {
      double score = scores[of[k]];
      int below = bound(sorted, score, false);
      int upTo = bound(sorted, score, true);
      result[k] = (below + (upTo - below) / 2.0) / sorted.length;
    }
    return result;
  }

  private static int bound(double[] sorted, double value, boolean inclusive) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < value || inclusive && sorted[middle] == value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }

  private static double varianceOfDifference(double[] a, double[] b) {
    double[] d = IntStream.range(0, a.length).mapToDouble(i -> a[i] - b[i]).toArray();
    double mean = mean(d);
    double squares = 0;
    for (double v : d) {
      squares += (v - mean) * (v - mean);
    }
    return squares / (d.length - 1);
  }
}
