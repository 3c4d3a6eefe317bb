package io.github.gpfm.pipeline.internal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
  private volatile boolean dropped;

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

  /** Whether {@link #next()} would not wait. */
  public boolean isReady() {
    Future<T> first = running.peekFirst();
    return first == null || first.isDone();
  }

  /**
   * Waits until {@link #next()} would not wait, or for a while.
   *
   * @return {@link #isReady()}
   */
  public boolean await(long millis) throws InterruptedException {
    Future<T> first = running.peekFirst();
    if (first != null && !first.isDone()) {
      try {
        first.get(millis, TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        // Failures are for next() to tell.
        return isReady();
      }
    }
    return true;
  }

  /**
   * The next result, waiting for it if need be.
   *
   * @throws Exception what its work threw
   */
  public T next() throws Exception {
    Future<T> first = running.getFirst();
    try {
      // An interrupt while waiting leaves it to cancel(), which takes its result.
      T result = first.get();
      running.removeFirst();
      fill();
      return result;
    } catch (ExecutionException e) {
      running.removeFirst();
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
    // Not Future.cancel: it would take what is running for ended, and lose what that still opens.
    dropped = true;
    boolean interrupted = false;
    for (Future<T> future : running) {
      boolean ended = false;
      while (!ended) {
        try {
          discard.accept(future.get());
          ended = true;
        } catch (ExecutionException e) {
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
      Callable<T> next = work.next();
      running.addLast(executor.submit(() -> begin(next)));
    }
  }

  private T begin(Callable<T> next) throws Exception {
    if (dropped) {
      throw new CancellationException("not wanted any more");
    }
    return next.call();
  }
}
