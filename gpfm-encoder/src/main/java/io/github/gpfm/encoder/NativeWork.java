package io.github.gpfm.encoder;

import io.github.gpfm.api.CancelledException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Calls into native libraries. When the program ends, they unload; a call still running then would
 * crash the process. So the end of the program waits for the calls in progress and lets no new one
 * begin.
 */
final class NativeWork {
  private static final int PATIENCE_SECONDS = 30;
  private static final ReadWriteLock GATE = new ReentrantReadWriteLock();
  private static final AtomicBoolean WATCHED = new AtomicBoolean();
  private static volatile boolean ending;

  private NativeWork() {}

  /**
   * Makes a call.
   *
   * @throws CancelledException if the program is ending
   */
  static <T> T call(Supplier<T> work) {
    if (!WATCHED.getAndSet(true)) {
      watch();
    }
    GATE.readLock().lock();
    try {
      if (ending) {
        throw new CancelledException("Embedding was cancelled: the program is ending.");
      }
      return work.get();
    } finally {
      GATE.readLock().unlock();
    }
  }

  private static void watch() {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(NativeWork::end, "gpfm-native-end"));
    } catch (IllegalStateException e) {
      ending = true;
    }
  }

  /**
   * A program that ends in its own order, such as a service that answers what was asked of it, says
   * so with the system property {@code gpfm.exit=program}: until it is done, calls go on.
   */
  private static void end() {
    if ("program".equals(System.getProperty("gpfm.exit"))) {
      return;
    }
    ending = true;
    try {
      if (GATE.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        GATE.writeLock().unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
