package io.github.gpfm.eval.metric;

import java.util.Arrays;
import java.util.Locale;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * A figure with its bootstrap interval.
 *
 * @param value the figure on the cases as they are
 * @param mean mean over the replicates (what the reference reports)
 * @param std standard deviation over the replicates, unbiased
 * @param lower 2.5th percentile of the replicates, or {@linkplain #expanded lower}
 * @param upper 97.5th percentile of the replicates, or {@linkplain #expanded higher}
 * @param replicates how many replicates gave a number (those without a class may not)
 */
public record Interval(
    double value, double mean, double std, double lower, double upper, int replicates) {
  private static final double TAIL = 0.025;

  /** A figure without an interval. */
  public static Interval point(double value) {
    return new Interval(value, value, 0, value, value, 0);
  }

  /** Summarises replicates by their percentiles; those that are NaN are left out. */
  public static Interval of(double value, double[] replicates) {
    return of(value, replicates, TAIL);
  }

  /**
   * Summarises replicates by percentiles that are expanded for few cases, {@code Φ(−√(n/(n−1))
   * t(0.025, n−1))} in place of 2.5 % (Hesterberg, The American Statistician 69, 2015): a bootstrap
   * of n cases is narrower than the truth by √((n−1)/n), and takes the spread for known. Replicates
   * that are NaN are left out.
   *
   * @param cases n, the cases drawn; with one the bounds are the least and the greatest replicate
   */
  public static Interval expanded(double value, double[] replicates, int cases) {
    return of(value, replicates, expandedTail(TAIL, cases));
  }

  /** The share of replicates beyond a bound that is to leave out {@code tail} of n cases. */
  private static double expandedTail(double tail, int cases) {
    if (cases < 2) {
      return 0;
    }
    double t = new TDistribution(cases - 1).inverseCumulativeProbability(tail);
    double z = Math.sqrt(cases / (cases - 1.0)) * t;
    return new NormalDistribution().cumulativeProbability(z);
  }

  /**
   * The tail that a bound stands for beyond which this share of the replicates lies: the inverse of
   * what {@link #expanded} does.
   */
  static double nominalTail(double share, int cases) {
    if (cases < 2) {
      return 0.5;
    }
    double z = new NormalDistribution().inverseCumulativeProbability(share);
    return new TDistribution(cases - 1).cumulativeProbability(z * Math.sqrt((cases - 1.0) / cases));
  }

  private static Interval of(double value, double[] replicates, double tail) {
    double[] sorted = Arrays.stream(replicates).filter(v -> !Double.isNaN(v)).sorted().toArray();
    if (sorted.length == 0) {
      return new Interval(value, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
    }
    double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
    double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
    double std = sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0;
    return new Interval(
        value, mean, std, quantile(sorted, tail), quantile(sorted, 1 - tail), sorted.length);
  }

  /**
   * Quantile by linear interpolation between order statistics.
   *
   * @param sorted ascending, not empty
   * @param q 0 to 1
   */
  public static double quantile(double[] sorted, double q) {
    double at = q * (sorted.length - 1);
    int low = (int) Math.floor(at);
    int high = Math.min(low + 1, sorted.length - 1);
    return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
  }

  /** {@code 0.912 (0.880–0.941)}; a tiny figure without an interval as {@code 3.1e-06}. */
  @Override
  public String toString() {
    if (replicates == 0 && value > 0 && value < 5e-4) {
      return String.format(Locale.ROOT, "%.1e", value);
    }
    return replicates == 0
        ? String.format(Locale.ROOT, "%.3f", value)
        : String.format(Locale.ROOT, "%.3f (%.3f–%.3f)", value, lower, upper);
  }
}
