package io.github.gpfm.eval.metric;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Corrections of many p-values. */
public final class MultipleTests {
  private MultipleTests() {}

  /**
   * Holm's step-down correction: controls the chance of any false finding.
   *
   * @param p probabilities; NaN stays NaN and counts as no test
   * @return adjusted probabilities in the same order, at most 1
   */
  public static double[] holm(double[] p) {
    int[] order =
        IntStream.range(0, p.length)
            .filter(i -> !Double.isNaN(p[i]))
            .boxed()
            .sorted(Comparator.comparingDouble(i -> p[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] adjusted = new double[p.length];
    java.util.Arrays.fill(adjusted, Double.NaN);
    double highest = 0;
    for (int r = 0; r < order.length; r++) {
      highest = Math.max(highest, Math.min(1, (order.length - r) * p[order[r]]));
      adjusted[order[r]] = highest;
    }
    return adjusted;
  }
}
