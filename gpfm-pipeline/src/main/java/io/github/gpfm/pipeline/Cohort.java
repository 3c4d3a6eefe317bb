package io.github.gpfm.pipeline;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.pipeline.internal.OrderedPrefetch;
import io.github.gpfm.pipeline.internal.OutputFolder;
import io.github.gpfm.support.DaemonThreads;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Runs the same work over many slides, several at once, and gives the results in order. A slide
 * that fails is reported and the run goes on.
 */
final class Cohort {
  /** What is done with a slide. */
  interface Work {
    /** Called on any thread, for several slides at once. */
    SlideResult make(SlideInput input) throws Exception;
  }

  private final Work work;
  private final int threads;

  /**
   * @param work what is done with each slide
   * @param threads slides worked on at the same time, at least 1
   */
  Cohort(Work work, int threads) {
    this.work = work;
    this.threads = threads;
  }

  /** Checks what can be checked before any work. */
  static void check(List<SlideInput> inputs, Path output) {
    OutputFolder.requireWritable(output);
    OutputFolder.requireDistinct(
        inputs.stream().map(SlideInput::name).toList(),
        inputs.stream().map(SlideInput::path).toList());
  }

  RunSummary run(
      List<SlideInput> inputs, Map<String, String> parameters, ProgressListener progress) {
    Instant started = Instant.now();
    long start = System.nanoTime();
    List<SlideResult> results = new ArrayList<>();
    ExecutorService executor =
        Executors.newFixedThreadPool(threads, new DaemonThreads("gpfm-prepare"));
    OrderedPrefetch<SlideResult> made =
        new OrderedPrefetch<>(
            executor,
            inputs.stream().map(input -> (Callable<SlideResult>) () -> make(input)).iterator(),
            threads);
    try {
      for (SlideInput input : inputs) {
        requireWanted(results.size(), inputs.size(), null);
        SlideResult result = next(made, input);
        result.failure().ifPresent(e -> requireWanted(results.size(), inputs.size(), e));
        results.add(result);
        progress.advanced(results.size());
      }
      for (int i = 0; i < results.size(); i++) {
        // What another run was making when its turn came may be done by now, or that run dead.
        if (results.get(i).status() == SlideResult.Status.BUSY) {
          results.set(i, make(inputs.get(i)));
        }
      }
    } finally {
      made.cancel(result -> {});
      executor.shutdown();
    }
    return new RunSummary(started, (System.nanoTime() - start) / 1e9, parameters, results);
  }

  /**
   * Ends the run where the thread was interrupted, and where a slide failed since it was cancelled:
   * that is not the slide's fault.
   */
  private static void requireWanted(int done, int all, @Nullable Throwable failure) {
    boolean cancelled = failure instanceof CancelledException;
    if (cancelled || Thread.currentThread().isInterrupted()) {
      throw cancelled(done, all, failure);
    }
  }

  static CancelledException cancelled(long done, int all, @Nullable Throwable cause) {
    return new CancelledException(
        "Cancelled after %d of %d slides; run the same again to go on.".formatted(done, all),
        cause);
  }

  private SlideResult make(SlideInput input) {
    try {
      return work.make(input);
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return SlideResult.failed(input, e);
    }
  }

  private static SlideResult next(OrderedPrefetch<SlideResult> made, SlideInput input) {
    try {
      return made.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SlideResult.failed(input, e);
    } catch (Exception e) {
      return SlideResult.failed(input, e);
    }
  }
}
