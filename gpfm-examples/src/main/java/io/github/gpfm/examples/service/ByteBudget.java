package io.github.gpfm.examples.service;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Bytes that many requests share. Thread-safe; those that wait are served in order. */
final class ByteBudget {
  /** Counted in this many bytes, since a semaphore counts in integers. */
  private static final int UNIT = 1024;

  private final int units;
  private final Semaphore free;

  ByteBudget(long bytes) {
    this.units = (int) Math.min(Integer.MAX_VALUE, Math.max(1, bytes / UNIT));
    this.free = new Semaphore(units, true);
  }

  /** Whether that many could ever be had. */
  boolean holds(long bytes) {
    return unitsOf(bytes) <= units;
  }

  /** Takes bytes if they are free now and nobody waits. */
  boolean tryTake(long bytes) {
    return holds(bytes) && free.tryAcquire((int) unitsOf(bytes));
  }

  /** Takes bytes, waiting for them if need be. */
  boolean tryTake(long bytes, Duration patience) throws InterruptedException {
    return holds(bytes)
        && free.tryAcquire((int) unitsOf(bytes), patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Gives back bytes that were taken in one piece. */
  void giveBack(long bytes) {
    free.release((int) unitsOf(bytes));
  }

  /** Bytes in use, rounded up to whole units. */
  long used() {
    return (long) (units - free.availablePermits()) * UNIT;
  }

  long total() {
    return (long) units * UNIT;
  }

  private static long unitsOf(long bytes) {
    return (bytes + UNIT - 1) / UNIT;
  }
}
