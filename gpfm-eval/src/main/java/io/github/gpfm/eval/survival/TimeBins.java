package io.github.gpfm.eval.survival;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.metric.Interval;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Intervals of time, closed left and open right.
 *
 * @param edges ascending, one more than there are bins
 */
public record TimeBins(double[] edges) {
  private static final double MARGIN = 1e-6;

  /**
   * Quantiles of the uncensored times (linear interpolation); the first edge lies 1e-6 below the
   * smallest of all times, the last 1e-6 above the largest. Under the official protocol the whole
   * cohort is given, under the sound one only the training cases.
   *
   * @param times observed times
   * @param censored whether the case left without the event
   * @param bins number of intervals
   * @throws EvaluationException if there are too few different event times for so many bins
   */
  public static TimeBins of(double[] times, boolean[] censored, int bins) {
    double[] events =
        IntStream.range(0, times.length)
            .filter(i -> !censored[i])
            .mapToDouble(i -> times[i])
            .sorted()
            .toArray();
    if (events.length == 0) {
      throw new EvaluationException("no case had the event: survival bins need event times");
    }
    double[] edges = new double[bins + 1];
    for (int b = 1; b < bins; b++) {
      edges[b] = Interval.quantile(events, (double) b / bins);
    }
    edges[0] = Arrays.stream(times).min().orElseThrow() - MARGIN;
    edges[bins] = Arrays.stream(times).max().orElseThrow() + MARGIN;
    for (int b = 0; b < bins; b++) {
      if (!(edges[b] < edges[b + 1])) {
        throw new EvaluationException(
            events.length + " event times do not give " + bins + " different survival bins");
      }
    }
    return new TimeBins(edges);
  }

  /** The bin of a time; times beyond the ends belong to the first or last bin. */
  public int bin(double time) {
    int bin = 0;
    while (bin < edges.length - 2 && time >= edges[bin + 1]) {
      bin++;
    }
    return bin;
  }
}
