package io.github.gpfm.spark.internal;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.support.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.spark.TaskContext;

/** The threads of one task. */
final class TaskThreads {
  private TaskThreads() {}

  /** Work that may be interrupted. */
  @FunctionalInterface
  interface Work<A, B> {
    B apply(A input) throws Exception;
  }

  /** Cores that Spark gave the current task. */
  static int cores() {
    TaskContext task = TaskContext.get();
    return task == null ? 1 : Math.max(1, task.cpus());
  }

  /** Does something with each of a list, several at a time; gives the results in order. */
  static <A, B> List<B> map(List<A> inputs, int threads, Work<A, B> work) {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            Math.max(1, Math.min(threads, inputs.size())), new DaemonThreads("gpfm-task"));
    try {
      List<Future<B>> futures = new ArrayList<>();
      inputs.forEach(input -> futures.add(pool.submit(() -> work.apply(input))));
      List<B> results = new ArrayList<>();
      for (Future<B> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("The task was cancelled.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new GpfmException("A task failed: " + e.getCause(), e);
    } finally {
      pool.shutdownNow();
      awaitEnd(pool);
    }
  }

  /** What the threads use is closed next: they must be through with it, interrupted or not. */
  private static void awaitEnd(ExecutorService pool) {
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = pool.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
