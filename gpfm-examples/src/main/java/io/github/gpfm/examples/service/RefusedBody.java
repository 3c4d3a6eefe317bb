package io.github.gpfm.examples.service;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Throws away what still arrives of a body whose request has been answered. Most clients read the
 * answer only after they have sent the body: a connection closed before that is reset, and the
 * answer lost. Nothing is kept in memory, and no thread waits.
 */
final class RefusedBody implements Runnable, Callback {
  private final Request request;
  private final long limit;
  private final Duration timeout;
  private final Callback whole;
  private long discarded;
  private boolean done;

  /**
   * @param limit bytes to read at most; the connection closes after them
   * @param timeout to read for at most
   * @param whole told once the answer is written and the body read or given up
   */
  RefusedBody(Request request, long limit, Duration timeout, Callback whole) {
    this.request = request;
    this.limit = limit;
    this.timeout = timeout;
    this.whole = whole;
  }

  /** Whether the client sends the body without having been asked to. */
  static boolean isComing(Request request) {
    return !request.getHeaders().contains(HttpHeader.EXPECT)
        || Request.getContentBytesRead(request) > 0;
  }

  /** The answer is written. */
  @Override
  public void succeeded() {
    Scheduler.Task deadline =
        request
            .getComponents()
            .getScheduler()
            .schedule(this::finish, timeout.toMillis(), TimeUnit.MILLISECONDS);
    Request.addCompletionListener(request, failure -> deadline.cancel());
    run();
  }

  /** The answer could not be written. */
  @Override
  public void failed(Throwable failure) {
    whole.failed(failure);
  }

  /** Reads what has arrived. */
  @Override
  public void run() {
    if (discard()) {
      finish();
    }
  }

  /** Whether no more is to be read. */
  private synchronized boolean discard() {
    while (!done) {
      Content.Chunk chunk = request.read();
      if (chunk == null) {
        request.demand(this);
        return false;
      }
      discarded += chunk.remaining();
      boolean last = chunk.isLast() || Content.Chunk.isFailure(chunk) || discarded > limit;
      chunk.release();
      if (last) {
        return true;
      }
    }
    return false;
  }

  private void finish() {
    synchronized (this) {
      if (done) {
        return;
      }
      done = true;
    }
    whole.succeeded();
  }
}
