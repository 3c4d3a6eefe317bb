package io.github.gpfm.pipeline.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Consumer;

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

  /**
   * Drops what is left; returns when none of it runs any more.
   *
   * @param discard takes results that nobody asked for, which may hold something open
   */
  public void cancel(Consumer<T> discard) {
    for (Future<T> future : running) {
      future.cancel(false);
    }
    boolean interrupted = false;
    for (Future<T> future : running) {
      boolean ended = false;
      while (!ended) {
        try {
          discard.accept(future.get());
          ended = true;
        } catch (CancellationException | ExecutionException e) {
          // Its result is not wanted any more.
          ended = true;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    running.clear();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void fill() {
    while (running.size() < ahead && work.hasNext()) {
      running.addLast(executor.submit(work.next()));
    }
  }
}
