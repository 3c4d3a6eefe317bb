package io.github.gpfm.pipeline.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Runs work on other threads ahead of its use, at most a given number of items ahead, and hands out
 * the results in order.
 *
 * @param <T> a result
 */
public final class OrderedPrefetch<T> {
  private final ExecutorService executor;
  private final Iterator<? extends Callable<T>> work;
  private final int ahead;
  private final Deque<Future<T>> running = new ArrayDeque<>();

  /**
   * @param executor runs the work; not shut down here
   * @param work in order
   * @param ahead most items under way or waiting, at least 1
   */
  public OrderedPrefetch(
      ExecutorService executor, Iterator<? extends Callable<T>> work, int ahead) {
    this.executor = executor;
    this.work = work;
    this.ahead = ahead;
    fill();
  }

  /** Whether there is another result. */
  public boolean hasNext() {
    return !running.isEmpty();
  }

  /**
   * The next result, waiting for it if need be.
   *
   * @throws Exception what its work threw
   */
  public T next() throws Exception {
    Future<T> first = running.removeFirst();
    try {
      T result = first.get();
      fill();
      return result;
    } catch (ExecutionException e) {
      fill();
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** Drops what is left; returns when none of it runs any more. */
  public void cancel() {
    for (Future<T> future : running) {
      future.cancel(false);
    }
    for (Future<T> future : running) {
      try {
        future.get();
      } catch (CancellationException | ExecutionException e) {
        // Its result is not wanted any more.
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    running.clear();
  }

  private void fill() {
    while (running.size() < ahead && work.hasNext()) {
      running.addLast(executor.submit(work.next()));
    }
  }
}
