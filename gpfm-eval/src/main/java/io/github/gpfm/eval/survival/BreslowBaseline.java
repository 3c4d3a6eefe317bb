package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Breslow's estimate of the cumulative baseline hazard of a Cox model: at each event time, events
 * over the sum of exp(log risk) of those still observed.
 *
 * @param times distinct observed times, ascending
 * @param hazard cumulative baseline hazard at each
 */
public record BreslowBaseline(double[] times, double[] hazard) {
  /** Copies. */
  public BreslowBaseline {
    times = times.clone();
    hazard = hazard.clone();
  }

  /**
   * @param times observed times of the training cases
   * @param censored whether a case left without the event
   * @param logRisks the model's log risks of them
   */
  public static BreslowBaseline of(double[] times, boolean[] censored, double[] logRisks) {
    if (times.length == 0 || times.length != logRisks.length) {
      throw new EvaluationException(
          times.length + " times and " + logRisks.length + " risks give no baseline hazard");
    }
    double[] distinct = Arrays.stream(times).distinct().sorted().toArray();
    double[] hazard = new double[distinct.length];
    double sum = 0;
    for (int t = 0; t < distinct.length; t++) {
      double time = distinct[t];
      double atRisk = 0;
      int events = 0;
      for (int i = 0; i < times.length; i++) {
        atRisk += times[i] >= time ? Math.exp(logRisks[i]) : 0;
        events += times[i] == time && !censored[i] ? 1 : 0;
      }
      sum += events == 0 ? 0 : events / atRisk;
      hazard[t] = sum;
    }
    return new BreslowBaseline(distinct, hazard);
  }

  /** Cumulative baseline hazard at a time. */
  public double at(double time) {
    int place = Arrays.binarySearch(times, time);
    int index = place >= 0 ? place : -place - 2;
    return index < 0 ? 0 : hazard[index];
  }

  /** Survival of a case beyond each time. */
  public double[] survival(double logRisk, double... at) {
    return IntStream.range(0, at.length)
        .mapToDouble(i -> Math.exp(-at(at[i]) * Math.exp(logRisk)))
        .toArray();
  }
}
