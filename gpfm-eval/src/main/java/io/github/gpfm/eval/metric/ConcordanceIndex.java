package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.function.ToDoubleFunction;

/**
 * Harrell's C. A pair (i, j) is comparable when i had the event and j was still observed later, or
 * at the same time but censored; it is concordant when i's risk is higher, and tied (one half) when
 * the risks differ by at most 1e-8.
 *
 * @param concordant number of concordant pairs
 * @param discordant number of discordant pairs
 * @param tiedRisk number of pairs with equal risk
 */
public record ConcordanceIndex(double concordant, double discordant, double tiedRisk) {
  private static final double TIE = 1e-8;

  /** Number of comparable pairs. */
  public double comparable() {
    return concordant + discordant + tiedRisk;
  }

  /** The index, 0 to 1; NaN without comparable pairs. */
  public double value() {
    return (concordant + tiedRisk / 2) / comparable();
  }

  /**
   * Counts pairs.
   *
   * @param times observed time of each case, any unit
   * @param censored whether the case left without the event
   * @param risks predicted risk, higher means earlier event
   */
  public static ConcordanceIndex of(double[] times, boolean[] censored, double[] risks) {
    check(times, censored, risks);
    long concordant = 0;
    long discordant = 0;
    long tied = 0;
    for (int i = 0; i < times.length; i++) {
      for (int j = 0; j < times.length; j++) {
        if (comparable(times, censored, i, j)) {
          double credit = credit(risks[i], risks[j]);
          if (credit == 1) {
            concordant++;
          } else if (credit == 0) {
            discordant++;
          } else {
            tied++;
          }
        }
      }
    }
    return new ConcordanceIndex(concordant, discordant, tied);
  }

  private static boolean comparable(double[] times, boolean[] censored, int i, int j) {
    return i != j && !censored[i] && (times[j] > times[i] || (times[j] == times[i] && censored[j]));
  }

  private static double credit(double risk, double later) {
    return Math.abs(risk - later) <= TIE ? 0.5 : risk > later ? 1 : 0;
  }

  private static void check(double[] times, boolean[] censored, double[] risks) {
    if (times.length != censored.length || times.length != risks.length) {
      throw new EvaluationException(
          times.length
              + " times, "
              + censored.length
              + " censorships and "
              + risks.length
              + " risks do not belong together");
    }
    for (int i = 0; i < times.length; i++) {
      if (Double.isNaN(times[i]) || Double.isNaN(risks[i])) {
        throw new EvaluationException("the time or the risk of case " + i + " is not a number");
      }
    }
  }

  /**
   * The index as a function of the cases' weights: a pair counts with the product of both.
   *
   * @param times observed time of each case
   * @param censored whether the case left without the event
   * @param risks predicted risk
   * @return NaN where no comparable pair has weight
   */
  public static ToDoubleFunction<double[]> weighted(
      double[] times, boolean[] censored, double[] risks) {
    check(times, censored, risks);
    return new WeightedPairs(times, censored, risks, TIE, new double[0]);
  }

  /** The index with its bootstrap interval. */
  public static Interval interval(
      double[] times, boolean[] censored, double[] risks, Bootstrap bootstrap) {
    return Interval.of(
        of(times, censored, risks).value(), bootstrap.map(weighted(times, censored, risks)));
  }
}
