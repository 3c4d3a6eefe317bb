package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one encoder reached on one task with one seed.
 *
 * @param figures by name
 * @param notes what was left out or done otherwise, one sentence each
 */
public record TaskResult(Map<String, Interval> figures, List<String> notes) {
  /** Copies both. */
  public TaskResult {
    figures = Collections.unmodifiableMap(new LinkedHashMap<>(figures));
    notes = List.copyOf(notes);
  }

  /**
   * Mean over independent parts (folds, seeds); the interval is that of a mean of independent
   * bootstrap distributions.
   */
  static Interval mean(List<Interval> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    int k = parts.size();
    double value = parts.stream().mapToDouble(Interval::value).average().orElse(Double.NaN);
    double mean = parts.stream().mapToDouble(Interval::mean).average().orElse(Double.NaN);
    double variance = parts.stream().mapToDouble(i -> i.std() * i.std()).sum() / k / k;
    double half = 1.959964 * Math.sqrt(variance);
    int replicates = parts.stream().mapToInt(Interval::replicates).min().orElse(0);
    return new Interval(value, mean, Math.sqrt(variance), value - half, value + half, replicates);
  }
}
