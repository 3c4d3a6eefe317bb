package io.github.gpfm.encoder.script;

import ai.djl.pytorch.jni.JniUtils;
import java.util.function.Supplier;

/**
 * How many threads share one operation on the processor. For small tensors one thread is several
 * times faster than two: waking the others costs more than the work, and on a busy machine each
 * operation waits until all of them have been given a core.
 *
 * <p>The number belongs to the process: operations that other threads run meanwhile use one thread
 * as well, and a thread that runs its first operation meanwhile keeps to one. Thread-safe.
 */
public final class IntraOpThreads {
  private static final Object LOCK = new Object();
  private static int users;
  private static int before;

  private IntraOpThreads() {}

  /** Runs work with one thread an operation. */
  public static <T> T one(Supplier<T> work) {
    synchronized (LOCK) {
      if (users++ == 0) {
        before = JniUtils.getNumThreads();
        set(1);
      }
    }
    try {
      return work.get();
    } finally {
      synchronized (LOCK) {
        if (--users == 0) {
          set(before);
        }
      }
    }
  }

  private static void set(int threads) {
    if (before != 1) {
      JniUtils.setNumThreads(threads);
    }
  }
}
