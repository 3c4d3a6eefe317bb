package io.github.gpfm.examples.service;

import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Encoded images on their way to the encoder: a few threads decode them, in order, as the memory
 * for decoded images allows, and hand them to the batcher.
 */
final class ImageQueue implements AutoCloseable {
  private final ImageDecoder decoder;
  private final ByteBudget memory;
  private final Duration patience;
  private final RequestBatcher batcher;
  private final ThreadPoolExecutor threads;

  /**
   * @param patience how long an image may wait for its answer
   */
  ImageQueue(
      ImageDecoder decoder,
      ByteBudget memory,
      int capacity,
      Duration patience,
      RequestBatcher batcher) {
    this.decoder = decoder;
    this.memory = memory;
    this.patience = patience;
    this.batcher = batcher;
    int count = Math.max(2, Runtime.getRuntime().availableProcessors());
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            count,
            count,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(capacity),
            task -> {
              Thread thread = new Thread(task, "gpfm-decode-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Queues an image.
   *
   * @param bytes a PNG or JPEG file
   * @return its feature to come; fails with {@link Rejected} if it cannot be had
   */
  CompletableFuture<RequestBatcher.Row> submit(byte[] bytes, TokenOutput output) {
    CompletableFuture<RequestBatcher.Row> answer = new CompletableFuture<>();
    try {
      threads.execute(() -> decode(bytes, output, answer));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(
          new Rejected(503, "Too many images are waiting; try again later."));
    }
    return answer.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Images that wait to be decoded. */
  int waiting() {
    return threads.getQueue().size();
  }

  private void decode(
      byte[] bytes, TokenOutput output, CompletableFuture<RequestBatcher.Row> answer) {
    if (answer.isDone()) {
      return;
    }
    try {
      long cost = decoder.memory(bytes);
      if (!memory.holds(cost)) {
        throw new Rejected(
            413,
            "The image would take %d MB decoded, more than the service's %d MB; send a tile."
                .formatted((cost >> 20) + 1, memory.total() >> 20));
      }
      if (!memory.tryTake(cost, patience)) {
        throw new Rejected(503, "There is no memory for another image; try again later.");
      }
      BufferedImage image;
      try {
        image = decoder.decode(bytes);
      } catch (RuntimeException | Error e) {
        memory.giveBack(cost);
        throw e;
      }
      batcher
          .submit(image, output, () -> memory.giveBack(cost))
          .whenComplete((row, error) -> complete(answer, row, error));
    } catch (InterruptedException e) {
      answer.completeExceptionally(new Rejected(503, "The service is closing; try again later."));
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      answer.completeExceptionally(e);
    }
  }

  private static void complete(
      CompletableFuture<RequestBatcher.Row> answer,
      RequestBatcher.@Nullable Row row,
      @Nullable Throwable error) {
    if (row != null) {
      answer.complete(row);
    } else {
      answer.completeExceptionally(
          error == null ? new IllegalStateException("neither a feature nor an error") : error);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
