package io.github.gpfm.slideio.bioformats.internal;

import io.github.gpfm.slideio.bioformats.BioFormatsSettings;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Waits for Bio-Formats only so long. A damaged file can send it into an endless loop, and Java
 * cannot end a thread from outside: it runs in daemon threads, and one that does not answer is
 * interrupted and left behind. After a few of those nothing more is tried.
 */
final class Deadline {
  private static final int MAX_LEFT_BEHIND = 4;
  private static final AtomicInteger LEFT_BEHIND = new AtomicInteger();
  private static final ExecutorService WORKERS =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "gpfm-bioformats");
            thread.setDaemon(true);
            return thread;
          });

  private final Duration limit;

  Deadline(Duration limit) {
    this.limit = limit;
  }

  /** Bio-Formats has not answered in time. */
  static final class Exceeded extends Exception {
    private static final long serialVersionUID = 1L;

    private Exceeded(String message) {
      super(message);
    }
  }

  /**
   * Calls in another thread.
   *
   * @param late gets what is returned after the limit, to dispose of it
   * @return what the call returns
   * @throws Exceeded if it takes longer than the limit
   * @throws Exception what the call throws
   */
  <T> T call(Callable<T> task, Consumer<T> late) throws Exception {
    if (LEFT_BEHIND.get() >= MAX_LEFT_BEHIND) {
      throw new Exceeded(
          "damaged files keep " + MAX_LEFT_BEHIND + " of its threads busy: restart the program");
    }
    FutureTask<T> future =
        new FutureTask<>(task) {
          @Override
          protected void set(T result) {
            super.set(result);
            if (isCancelled()) {
              late.accept(result);
            }
          }
        };
    AtomicInteger stage = new AtomicInteger();
    WORKERS.execute(
        () -> {
          future.run();
          if (stage.getAndIncrement() > 0) {
            LEFT_BEHIND.decrementAndGet();
          }
        });
    try {
      return await(future);
    } catch (TimeoutException e) {
      LEFT_BEHIND.incrementAndGet();
      if (stage.getAndIncrement() > 0) {
        LEFT_BEHIND.decrementAndGet();
      }
      future.cancel(true);
      throw new Exceeded(
          "no answer within "
              + limit.toSeconds()
              + " s, the file may be damaged; "
              + BioFormatsSettings.TIMEOUT_PROPERTY
              + " sets how long to wait");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
  }

  /** An interrupt does not break off a read, but is kept for the caller. */
  private <T> T await(FutureTask<T> future) throws ExecutionException, TimeoutException {
    long end = System.nanoTime() + limit.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
