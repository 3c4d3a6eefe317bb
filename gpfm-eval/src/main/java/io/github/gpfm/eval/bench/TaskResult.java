package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.metric.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one encoder reached on one task with one seed.
 *
 * @param seed seed of the run
 * @param predictions what was said of each reported case
 * @param others figures that are no function of cases, for instance of random episodes
 * @param splits which cases trained, selected and were reported on; empty where the task has no
 *     names of them
 * @param notes what was left out or done otherwise, one sentence each
 */
public record TaskResult(
    long seed,
    List<Predictions> predictions,
    Map<String, Interval> others,
    List<Split> splits,
    List<String> notes) {
  /** Copies. */
  public TaskResult {
    predictions = List.copyOf(predictions);
    others = Collections.unmodifiableMap(new LinkedHashMap<>(others));
    splits = List.copyOf(splits);
    notes = List.copyOf(notes);
  }

  /** A result whose sides have no lists of names. */
  TaskResult(
      long seed, List<Predictions> predictions, Map<String, Interval> others, List<String> notes) {
    this(seed, predictions, others, List.of(), notes);
  }
}
