package io.github.gpfm.slideio.bioformats.internal;

import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lends each thread a session of its own, because Bio-Formats' readers are not safe for several. It
 * opens as many as threads read at once, never more than its limit; further threads wait.
 */
final class ReaderPool {
  private static final Logger LOGGER = LoggerFactory.getLogger(ReaderPool.class);

  private final ReaderSession.Factory factory;
  private final Deadline deadline;
  private final Semaphore permits;
  private final Deque<ReaderSession> idle = new ConcurrentLinkedDeque<>();
  private volatile boolean closed;

  /**
   * @param factory opens further sessions
   * @param limit sessions at most, at least 1
   * @param deadline for opening a session and reading through it
   * @param first already open, owned from now on
   */
  ReaderPool(ReaderSession.Factory factory, int limit, Deadline deadline, ReaderSession first) {
    this.factory = factory;
    this.deadline = deadline;
    this.permits = new Semaphore(limit, true);
    idle.add(first);
  }

  /** What is done with a session. */
  interface Action<T> {
    T apply(ReaderSession session) throws Exception;
  }

  /**
   * Runs with a session lent; one that failed may be in any state and is not used again, nor is one
   * that did not answer in time.
   */
  <T> T with(Action<T> action) throws Exception {
    permits.acquireUninterruptibly();
    try {
      return deadline.call(() -> lend(action), late -> {});
    } finally {
      permits.release();
    }
  }

  private <T> T lend(Action<T> action) throws Exception {
    ReaderSession session = idle.pollFirst();
    if (session == null) {
      session = factory.open();
    }
    boolean sound = false;
    try {
      T result = action.apply(session);
      sound = true;
      return result;
    } finally {
      if (sound) {
        idle.addFirst(session);
      } else {
        closeQuietly(session);
      }
      if (closed) {
        // It answered so late that the slide is closed.
        close();
      }
    }
  }

  /** Closes all sessions; only when none is lent. */
  void close() {
    closed = true;
    for (ReaderSession session = idle.poll(); session != null; session = idle.poll()) {
      closeQuietly(session);
    }
  }

  static void closeQuietly(ReaderSession session) {
    try {
      session.close();
    } catch (Exception e) {
      LOGGER.debug("a Bio-Formats reader did not close cleanly", e);
    }
  }
}
