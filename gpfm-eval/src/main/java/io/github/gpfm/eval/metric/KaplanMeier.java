package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The product-limit estimate of survival.
 *
 * @param steps one entry an event time, ascending
 * @param cases number of cases
 * @param lastTime longest observed time
 */
public record KaplanMeier(List<Step> steps, int cases, double lastTime) {
  /**
   * A drop of the curve.
   *
   * @param time event time
   * @param atRisk cases still observed just before
   * @param events events at that time
   * @param survival estimate from that time on
   */
  public record Step(double time, int atRisk, int events, double survival) {}

  /** Copies the steps. */
  public KaplanMeier {
    steps = List.copyOf(steps);
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
    for (int i = 0; i < times.length; i++) {
      if (Double.isNaN(times[i])) {
        throw new EvaluationException("the survival time of case " + i + " is not a number");
      }
      byTime.computeIfAbsent(times[i], t -> new int[2])[censored[i] ? 1 : 0]++;
    }
    List<Step> steps = new ArrayList<>();
    int atRisk = times.length;
    double survival = 1;
    for (var entry : byTime.entrySet()) {
      int events = entry.getValue()[0];
      if (events > 0) {
        survival *= 1 - (double) events / atRisk;
        steps.add(new Step(entry.getKey(), atRisk, events, survival));
      }
      atRisk -= events + entry.getValue()[1];
    }
    return new KaplanMeier(steps, times.length, byTime.lastKey());
  }

  /** First event time where the estimate is at most one half; NaN if it never is. */
  public double median() {
    return steps.stream()
        .filter(s -> s.survival() <= 0.5)
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
