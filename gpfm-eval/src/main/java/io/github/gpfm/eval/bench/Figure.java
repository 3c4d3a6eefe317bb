package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.Interval;
import java.util.Arrays;

/**
 * A figure of one encoder on one task, over all seeds and splits.
 *
 * @param interval mean over seeds and splits; its interval comes from replicates of the test cases,
 *     the same draw for every seed, split and encoder
 * @param perSeed the figure of each seed
 * @param replicates the figure on each replicate; NaN where a replicate has none
 * @param cases for how many patients the percentiles of the replicates are expanded; 0 where they
 *     are plain
 */
public record Figure(Interval interval, double[] perSeed, double[] replicates, int cases) {
  /** Copies. */
  public Figure {
    perSeed = perSeed.clone();
    replicates = replicates.clone();
  }

  /** A figure with plain percentiles, or without replicates. */
  public Figure(Interval interval, double[] perSeed, double[] replicates) {
    this(interval, perSeed, replicates, 0);
  }

  /** The figure. */
  public double value() {
    return interval.value();
  }

  /** Standard deviation between the seeds, unbiased; 0 for one seed. */
  public double seedStd() {
    double mean = Arrays.stream(perSeed).average().orElse(Double.NaN);
    double squares = Arrays.stream(perSeed).map(v -> (v - mean) * (v - mean)).sum();
    return perSeed.length < 2 ? 0 : Math.sqrt(squares / (perSeed.length - 1));
  }

  @Override
  public String toString() {
    return interval.toString();
  }
}
