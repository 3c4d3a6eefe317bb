package io.github.gpfm.distill.model;

import io.github.gpfm.support.DaemonThreads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** A thread for each replica; a single replica works on the caller's. */
final class ReplicaThreads implements AutoCloseable {
  private final @Nullable ExecutorService pool;

  ReplicaThreads(int count) {
    pool =
        count == 1 ? null : Executors.newFixedThreadPool(count, new DaemonThreads("gpfm-replica"));
  }

  /** Runs {@code work} for 0 … count - 1 and returns the results in that order. */
  <T> List<T> map(int count, IntFunction<T> work) {
    List<T> results = new ArrayList<>();
    if (pool == null) {
      for (int i = 0; i < count; i++) {
        results.add(work.apply(i));
      }
      return results;
    }
    List<Future<T>> futures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      futures.add(pool.submit(() -> work.apply(index)));
    }
    RuntimeException failure = null;
    for (Future<T> future : futures) {
      try {
        results.add(future.get());
      } catch (ExecutionException e) {
        if (e.getCause() instanceof Error error) {
          throw error;
        }
        failure =
            e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new IllegalStateException("interrupted while training", e);
      }
    }
    if (failure != null) {
      throw failure;
    }
    return results;
  }

  @Override
  public void close() {
    if (pool != null) {
      pool.shutdownNow();
    }
  }
}
