package io.github.gpfm.eval.metric;

import java.util.Arrays;
import java.util.Locale;

/**
 * A figure with its bootstrap interval.
 *
 * @param value the figure on the cases as they are
 * @param mean mean over the replicates (what the reference reports)
 * @param std standard deviation over the replicates, unbiased
 * @param lower 2.5th percentile of the replicates
 * @param upper 97.5th percentile of the replicates
 * @param replicates how many replicates gave a number (those without a class may not)
 */
public record Interval(
    double value, double mean, double std, double lower, double upper, int replicates) {
  /** A figure without an interval. */
  public static Interval point(double value) {
    return new Interval(value, value, 0, value, value, 0);
  }

  /** Summarises replicates; those that are NaN are left out. */
  public static Interval of(double value, double[] replicates) {
    double[] sorted = Arrays.stream(replicates).filter(v -> !Double.isNaN(v)).sorted().toArray();
    if (sorted.length == 0) {
      return new Interval(value, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0);
    }
    double mean = Arrays.stream(sorted).average().orElse(Double.NaN);
    double squares = Arrays.stream(sorted).map(v -> (v - mean) * (v - mean)).sum();
    double std = sorted.length > 1 ? Math.sqrt(squares / (sorted.length - 1)) : 0;
    return new Interval(
        value, mean, std, quantile(sorted, 0.025), quantile(sorted, 0.975), sorted.length);
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
