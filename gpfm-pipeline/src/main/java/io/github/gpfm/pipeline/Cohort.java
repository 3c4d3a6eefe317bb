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
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the same work over many slides: the first half of a slide's work on other threads while the
 * second half of the former slides is under way. A slide that fails is reported and the run goes
 * on.
 *
 * @param <P> what the first half hands to the second
 */
final class Cohort<P> {
  /** The two halves. */
  interface Work<P> {
    /** First half; called on any thread, for several slides at once. */
    Step<P> prepare(SlideInput input) throws Exception;

    /** Second half; called on the thread that runs the cohort, one slide at a time, in order. */
    SlideResult finish(P prepared) throws Exception;
  }

  /** What the first half gives: something to finish, or a result at once. */
  record Step<P>(Optional<P> prepared, Optional<SlideResult> result) {
    static <P> Step<P> finish(P prepared) {
      return new Step<>(Optional.of(prepared), Optional.empty());
    }

    static <P> Step<P> done(SlideResult result) {
      return new Step<>(Optional.empty(), Optional.of(result));
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(Cohort.class);

  private final Work<P> work;
  private final int threads;

  /**
   * @param work the two halves
   * @param threads slides prepared at the same time, at least 1
   */
  Cohort(Work<P> work, int threads) {
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
    OrderedPrefetch<Step<P>> steps =
        new OrderedPrefetch<>(
            executor,
            inputs.stream().map(input -> (Callable<Step<P>>) () -> guarded(input)).iterator(),
            threads);
    try {
      for (SlideInput input : inputs) {
        requireWanted(results.size(), inputs.size(), null);
        SlideResult result = finish(input, steps::next);
        result.failure().ifPresent(e -> requireWanted(results.size(), inputs.size(), e));
        results.add(result);
        progress.advanced(results.size());
      }
      for (int i = 0; i < results.size(); i++) {
        // What another run was making when its turn came may be done by now, or that run dead.
        if (results.get(i).status() == SlideResult.Status.BUSY) {
          SlideInput input = inputs.get(i);
          results.set(i, finish(input, () -> guarded(input)));
        }
      }
    } finally {
      steps.cancel(this::discard);
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
      throw new CancelledException(
          "Cancelled after %d of %d slides; run the same again to go on.".formatted(done, all),
          failure);
    }
  }

  private void discard(Step<P> step) {
    step.prepared()
        .ifPresent(
            prepared -> {
              if (prepared instanceof AutoCloseable open) {
                try {
                  open.close();
                } catch (Exception e) {
                  LOG.warn("A slide that is not wanted any more cannot be closed: {}", e, e);
                }
              }
            });
  }

  private Step<P> guarded(SlideInput input) {
    try {
      return work.prepare(input);
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return Step.done(SlideResult.failed(input, e));
    }
  }

  private SlideResult finish(SlideInput input, Callable<Step<P>> prepared) {
    try {
      Step<P> step = prepared.call();
      return step.result().isPresent()
          ? step.result().get()
          : work.finish(step.prepared().orElseThrow());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return SlideResult.failed(input, e);
    } catch (Exception | OutOfMemoryError | LinkageError e) {
      return SlideResult.failed(input, e);
    }
  }
}
