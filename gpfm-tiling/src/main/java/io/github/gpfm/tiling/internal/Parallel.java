package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.GpfmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;

/** Runs independent pieces of work on a few threads. */
public final class Parallel {
  private Parallel() {}

  /**
   * Does every piece once, in any order, and waits for all.
   *
   * @param count number of pieces
   * @param threads how many at a time
   * @param work receives the number of a piece
   * @param done hears the number of pieces done, one call at a time
   * @throws GpfmException the first failure; pieces not begun by then are not
   */
  public static void forEach(int count, int threads, IntConsumer work, LongConsumer done) {
    AtomicInteger next = new AtomicInteger();
    long[] finished = {0};
    int workers = Math.max(1, Math.min(threads, count));
    ExecutorService executor = Executors.newFixedThreadPool(workers);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int worker = 0; worker < workers; worker++) {
        running.add(
            executor.submit(
                () -> {
                  for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                    try {
                      work.accept(i);
                    } catch (Throwable e) {
                      next.set(count);
                      throw e;
                    }
                    synchronized (finished) {
                      done.accept(++finished[0]);
                    }
                  }
                }));
      }
      for (Future<?> future : running) {
        get(future);
      }
    } finally {
      executor.shutdownNow();
    }
  }

  /**
   * Waits for a result.
   *
   * @throws GpfmException the failure of the work, as it was where it is the library's own
   */
  public static <T> T get(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GpfmException("The work was interrupted.", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GpfmException own) {
        throw own;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new GpfmException("The work failed: " + e.getCause(), e.getCause());
    }
  }
}
