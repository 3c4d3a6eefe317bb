package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.Bootstrap;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import io.github.gpfm.eval.metric.Interval;
import java.util.Optional;

/**
 * How well risks order patients.
 *
 * @param concordance C-index with bootstrap interval; 0.5 where all risks are equal
 * @param groups the cases above and below the median risk; empty where none lies above it
 */
public record SurvivalReport(Interval concordance, Optional<RiskGroups> groups) {
  /**
   * @param times observed times
   * @param censored whether the case left without the event
   * @param risks predicted risks
   * @param protocol {@link Protocol#OFFICIAL} draws Poisson replicates
   * @param seed seed of the bootstrap
   * @param replicates number of replicates
   */
  public static SurvivalReport of(
      double[] times,
      boolean[] censored,
      double[] risks,
      Protocol protocol,
      long seed,
      int replicates) {
    if (times.length < 2) {
      throw new EvaluationException("a survival report needs two cases, not " + times.length);
    }
    Bootstrap bootstrap =
        Bootstrap.draw(times.length, replicates, seed, Bootstrap.Resampling.of(protocol));
    return new SurvivalReport(
        ConcordanceIndex.interval(times, censored, risks, bootstrap),
        RiskGroups.of(times, censored, risks));
  }
}
