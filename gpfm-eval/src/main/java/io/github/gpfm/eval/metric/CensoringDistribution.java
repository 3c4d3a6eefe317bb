package io.github.gpfm.eval.metric;

import java.util.Arrays;

/**
 * Kaplan–Meier estimate of staying uncensored, for inverse-probability weights. At one time events
 * come before censorings, so that a case with the event is not at risk of being censored then.
 */
public final class CensoringDistribution {
  private final double[] times;
  private final double[] probability;

  private CensoringDistribution(double[] times, double[] probability) {
    this.times = times;
    this.probability = probability;
  }

  /**
   * @param times observed times, usually of the training cases
   * @param censored whether the case left without the event
   */
  public static CensoringDistribution of(double[] times, boolean[] censored) {
    double[] distinct = Arrays.stream(times).distinct().sorted().toArray();
    double[] probability = new double[distinct.length];
    double product = 1;
    for (int t = 0; t < distinct.length; t++) {
      int atRisk = 0;
      int left = 0;
      for (int i = 0; i < times.length; i++) {
        boolean here = times[i] == distinct[t];
        atRisk += times[i] > distinct[t] || here && censored[i] ? 1 : 0;
        left += here && censored[i] ? 1 : 0;
      }
      product *= left == 0 ? 1 : 1 - (double) left / atRisk;
      probability[t] = product;
    }
    return new CensoringDistribution(distinct, probability);
  }

  /** Probability of being uncensored up to and including a time; beyond the last, its value. */
  public double at(double time) {
    int place = Arrays.binarySearch(times, time);
    int index = place >= 0 ? place : -place - 2;
    return index < 0 ? 1 : probability[index];
  }

  /** 1 / probability at the time of each case with the event, 0 for the others. */
  public double[] weights(double[] observed, boolean[] censored) {
    double[] weights = new double[observed.length];
    for (int i = 0; i < weights.length; i++) {
      double g = at(observed[i]);
      weights[i] = censored[i] || g == 0 ? 0 : 1 / g;
    }
    return weights;
  }
}
