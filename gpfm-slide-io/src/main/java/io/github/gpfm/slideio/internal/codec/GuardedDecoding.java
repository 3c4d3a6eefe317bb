package io.github.gpfm.slideio.internal.codec;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Runs a decoder that damaged data can send into an endless loop, with a limit on the processor
 * time it may take. A thread over the limit is stopped where Java still can (up to 19); elsewhere
 * it is left behind at the lowest priority, and after a few of those nothing more is decoded.
 */
final class GuardedDecoding {
  private static final int MAX_LEFT_BEHIND = 2;
  private static final long POLL_MILLIS = 20;
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Set<Thread> LEFT_BEHIND = ConcurrentHashMap.newKeySet();

  private GuardedDecoding() {}

  /**
   * Runs a decoder.
   *
   * @param limitMillis processor time it may take
   * @throws CodecException if the decoder throws it, or takes longer
   */
  static <T> T run(Callable<T> decoder, long limitMillis) throws CodecException {
    LEFT_BEHIND.removeIf(thread -> !thread.isAlive());
    if (LEFT_BEHIND.size() >= MAX_LEFT_BEHIND) {
      throw new CodecException("damaged data has blocked the decoder: restart the program");
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread = new Thread(() -> complete(result, decoder), "gpfm-jpeg2000");
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
          if (spentMillis(thread) > limitMillis) {
            stop(thread);
            throw new CodecException("decoding takes more than " + limitMillis + " ms");
          }
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof CodecException cause) {
            throw cause;
          }
          Throwable failure = e.getCause() == null ? e : e.getCause();
          throw new CodecException(
              "decoding failed (" + failure.getClass().getSimpleName() + ")", failure);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<T> decoder) {
    try {
      result.complete(decoder.call());
    } catch (Throwable e) {
      // Handed to the waiting thread, which decides.
      result.completeExceptionally(e);
    }
  }

  private static long spentMillis(Thread thread) {
    long nanos = THREADS.isThreadCpuTimeSupported() ? THREADS.getThreadCpuTime(thread.getId()) : 0;
    return Math.max(0, nanos) / 1_000_000;
  }

  private static void stop(Thread thread) {
    thread.setPriority(Thread.MIN_PRIORITY);
    try {
      // The decoder shares nothing with others, so that stopping it leaves nothing half changed.
      Thread.class.getMethod("stop").invoke(thread);
      thread.join(1000);
    } catch (ReflectiveOperationException e) {
      thread.interrupt();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LEFT_BEHIND.add(thread);
    }
  }
}
