package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Gamma;

/**
 * Mantel's log-rank test of two groups.
 *
 * @param statistic chi-squared with one degree of freedom
 * @param p probability of so large a statistic if the groups do not differ
 */
public record LogRankTest(double statistic, double p) {
  /**
   * @param times observed times
   * @param censored whether the case left without the event
   * @param second whether the case belongs to the second group
   */
  public static LogRankTest of(double[] times, boolean[] censored, boolean[] second) {
    if (times.length != censored.length || times.length != second.length) {
      throw new EvaluationException("the log-rank test's times and groups do not belong together");
    }
    double[] events =
        IntStream.range(0, times.length)
            .filter(i -> !censored[i])
            .mapToDouble(i -> times[i])
            .distinct()
            .sorted()
            .toArray();
    double difference = 0;
    double variance = 0;
    for (double t : events) {
      double n = 0;
      double n2 = 0;
      double d = 0;
      double d2 = 0;
      for (int i = 0; i < times.length; i++) {
        if (times[i] >= t) {
          n++;
          n2 += second[i] ? 1 : 0;
          if (times[i] == t && !censored[i]) {
            d++;
            d2 += second[i] ? 1 : 0;
          }
        }
      }
      difference += d2 - d * n2 / n;
      if (n > 1) {
        variance += d * (n2 / n) * (1 - n2 / n) * (n - d) / (n - 1);
      }
    }
    if (variance == 0) {
      return new LogRankTest(Double.NaN, Double.NaN);
    }
    double statistic = difference * difference / variance;
    // The upper tail itself: 1 minus the distribution would lose small values.
    double p = Gamma.regularizedGammaQ(0.5, statistic / 2);
    return new LogRankTest(statistic, p);
  }
}
