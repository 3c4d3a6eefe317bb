package io.github.gpfm.pipeline;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/** Seconds spent in each stage of a slide's work; threads may add at the same time. */
public final class StageTimings {
  private final Map<String, Double> seconds = new LinkedHashMap<>();

  /** Runs a stage and adds its time. */
  <T> T time(String stage, Callable<T> work) throws Exception {
    long start = System.nanoTime();
    try {
      return work.call();
    } finally {
      add(stage, System.nanoTime() - start);
    }
  }

  /** Adds time to a stage. */
  synchronized void add(String stage, long nanos) {
    seconds.merge(stage, nanos / 1e9, Double::sum);
  }

  /**
   * Seconds by stage, in the order in which the stages were first reached. {@code encode} is the
   * wall-clock time of all batches; {@code decode} is the reading of tiles within it, summed over
   * all workers.
   */
  public synchronized Map<String, Double> seconds() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(seconds));
  }
}
