package io.github.gpfm.examples.service;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Collects a request's body as it arrives, without a thread that waits for it. What is held counts
 * against the memory for bodies, as it comes and not as it is announced.
 */
final class BodyReader implements Runnable {
  private static final int FIRST = 16 << 10;

  private final Request request;
  private final int maxBytes;
  private final long announced;
  private final ByteBudget memory;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private byte[] bytes = new byte[0];
  private int length;
  private long held;

  private BodyReader(Request request, int maxBytes, ByteBudget memory) {
    this.request = request;
    this.maxBytes = maxBytes;
    this.memory = memory;
    this.announced = request.getHeaders().getLongField(HttpHeader.CONTENT_LENGTH);
  }

  /**
   * Reads a whole body.
   *
   * @param timeout until its last byte
   * @return the bytes to come, which count against {@code memory} until the request is answered;
   *     fails with {@link Rejected} if it is too large or too slow, or there is no memory for it
   */
  static CompletableFuture<byte[]> read(
      Request request, int maxBytes, Duration timeout, ByteBudget memory) {
    BodyReader reader = new BodyReader(request, maxBytes, memory);
    Scheduler.Task deadline =
        request
            .getComponents()
            .getScheduler()
            .schedule(reader::expire, timeout.toMillis(), TimeUnit.MILLISECONDS);
    reader.body.whenComplete((bytes, error) -> deadline.cancel());
    Request.addCompletionListener(request, failure -> reader.release());
    reader.run();
    return reader.body;
  }

  private void expire() {
    body.completeExceptionally(
        new Rejected(408, "The request's body did not arrive in time; send it again."));
  }

  @Override
  public synchronized void run() {
    try {
      if (announced > maxBytes) {
        throw tooLarge();
      }
      while (!body.isDone()) {
        Content.Chunk chunk = request.read();
        if (chunk == null) {
          request.demand(this);
          return;
        }
        if (Content.Chunk.isFailure(chunk)) {
          throw new Rejected(400, "The request's body ended early; send it again.");
        }
        try {
          append(chunk.getByteBuffer());
        } finally {
          chunk.release();
        }
        if (chunk.isLast()) {
          body.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
        }
      }
    } catch (RuntimeException | Error e) {
      body.completeExceptionally(e);
    }
  }

  private void append(ByteBuffer chunk) {
    long needed = (long) length + chunk.remaining();
    if (needed > maxBytes) {
      throw tooLarge();
    }
    if (needed > bytes.length) {
      long wanted = Math.max(needed, Math.max(FIRST, 2L * bytes.length));
      int size = (int) Math.max(needed, Math.min(wanted, announced < 0 ? maxBytes : announced));
      if (!memory.tryTake(size)) {
        throw new Rejected(503, "There is no memory for another request; try again later.");
      }
      bytes = Arrays.copyOf(bytes, size);
      if (held > 0) {
        memory.giveBack(held);
      }
      held = size;
    }
    int count = chunk.remaining();
    chunk.get(bytes, length, count);
    length += count;
  }

  private Rejected tooLarge() {
    return new Rejected(
        413, "The request's body is larger than %d bytes; send a tile.".formatted(maxBytes));
  }

  private synchronized void release() {
    body.cancel(false);
    bytes = new byte[0];
    if (held > 0) {
      memory.giveBack(held);
      held = 0;
    }
  }
}
