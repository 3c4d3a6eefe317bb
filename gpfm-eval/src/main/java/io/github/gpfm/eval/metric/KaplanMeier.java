package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The product-limit estimate of survival.
 *
 * @param steps one entry an event time, ascending
 * @param censorings times at which cases left without the event, ascending
 * @param times all observed times, ascending
 */
public record KaplanMeier(List<Step> steps, double[] censorings, double[] times) {
  private static final double NORMAL_975 = 1.959963984540054;

  // A product of fractions that is exactly one half may come out a few units above it.
  private static final double ROUNDING = 1e-9;

  /**
   * A drop of the curve.
   *
   * @param time event time
   * @param atRisk cases still observed just before
   * @param events events at that time
   * @param survival estimate from that time on
   * @param lower lower end of its 95 % interval (Greenwood's variance of log(−log S))
   * @param upper upper end
   */
  public record Step(
      double time, int atRisk, int events, double survival, double lower, double upper) {}

  /** Copies. */
  public KaplanMeier {
    steps = List.copyOf(steps);
    censorings = censorings.clone();
    times = times.clone();
  }

  /**
   * @param times observed times
   * @param censored whether the case left without the event
   */
  public static KaplanMeier of(double[] times, boolean[] censored) {
    if (times.length != censored.length || times.length == 0) {
      throw new EvaluationException(
          times.length + " times and " + censored.length + " censorships give no survival curve");
    }
    TreeMap<Double, int[]> byTime = new TreeMap<>();
    List<Double> left = new ArrayList<>();
    for (int i = 0; i < times.length; i++) {
      if (Double.isNaN(times[i])) {
        throw new EvaluationException("the survival time of case " + i + " is not a number");
      }
      byTime.computeIfAbsent(times[i], t -> new int[2])[censored[i] ? 1 : 0]++;
      if (censored[i]) {
        left.add(times[i]);
      }
    }
    List<Step> steps = new ArrayList<>();
    int atRisk = times.length;
    double survival = 1;
    double greenwood = 0;
    for (var entry : byTime.entrySet()) {
      int events = entry.getValue()[0];
      if (events > 0) {
        survival *= 1 - (double) events / atRisk;
        greenwood += (double) events / ((double) atRisk * (atRisk - events));
        steps.add(step(entry.getKey(), atRisk, events, survival, greenwood));
      }
      atRisk -= events + entry.getValue()[1];
    }
    double[] sorted = times.clone();
    Arrays.sort(sorted);
    return new KaplanMeier(
        steps, left.stream().mapToDouble(Double::doubleValue).sorted().toArray(), sorted);
  }

  private static Step step(double time, int atRisk, int events, double s, double greenwood) {
    if (events == atRisk) {
      return new Step(time, atRisk, events, 0, 0, 0);
    }
    double log = Math.log(s);
    double spread = NORMAL_975 * Math.sqrt(greenwood) / log;
    double one = Math.exp(log * Math.exp(spread));
    double other = Math.exp(log * Math.exp(-spread));
    return new Step(time, atRisk, events, s, Math.min(one, other), Math.max(one, other));
  }

  /** Number of cases. */
  public int cases() {
    return times.length;
  }

  /** Longest observed time. */
  public double lastTime() {
    return times[times.length - 1];
  }

  /** Cases still observed just before a time. */
  public int atRisk(double time) {
    int low = 0;
    while (low < times.length && times[low] < time) {
      low++;
    }
    return times.length - low;
  }

  /** First event time where the estimate is at most one half; NaN if it never is. */
  public double median() {
    return steps.stream()
        .filter(s -> s.survival() <= 0.5 + ROUNDING)
        .mapToDouble(Step::time)
        .findFirst()
        .orElse(Double.NaN);
  }

  /** Estimated survival at a time. */
  public double at(double time) {
    double survival = 1;
    for (Step step : steps) {
      if (step.time() > time) {
        break;
      }
      survival = step.survival();
    }
    return survival;
  }
}
