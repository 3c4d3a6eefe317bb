package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.metric.KaplanMeier;
import io.github.gpfm.eval.metric.LogRankTest;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The cases above and below the median risk.
 *
 * @param low survival of the cases at or below it
 * @param high survival of the others
 * @param logRank test of the two curves
 */
public record RiskGroups(KaplanMeier low, KaplanMeier high, LogRankTest logRank) {
  /**
   * Divides cases by their risk.
   *
   * @param times observed times
   * @param censored whether the case left without the event
   * @param risks predicted risks
   * @return nothing where no risk lies above the median, for instance if all are equal
   */
  public static Optional<RiskGroups> of(double[] times, boolean[] censored, double[] risks) {
    double[] sorted = risks.clone();
    Arrays.sort(sorted);
    double median = Interval.quantile(sorted, 0.5);
    boolean[] high = new boolean[risks.length];
    int many = 0;
    for (int i = 0; i < high.length; i++) {
      high[i] = risks[i] > median;
      many += high[i] ? 1 : 0;
    }
    if (many == 0 || many == high.length) {
      return Optional.empty();
    }
    return Optional.of(
        new RiskGroups(
            curve(times, censored, high, false),
            curve(times, censored, high, true),
            LogRankTest.of(times, censored, high)));
  }

  private static KaplanMeier curve(
      double[] times, boolean[] censored, boolean[] high, boolean which) {
    int[] members = IntStream.range(0, times.length).filter(i -> high[i] == which).toArray();
    boolean[] c = new boolean[members.length];
    for (int i = 0; i < c.length; i++) {
      c[i] = censored[members[i]];
    }
    return KaplanMeier.of(Arrays.stream(members).mapToDouble(i -> times[i]).toArray(), c);
  }
}
