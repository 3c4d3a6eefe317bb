package io.github.gpfm.examples.service;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

/**
 * Turns images that arrive one by one into batches: while the network works on one batch, the next
 * gathers. An image never waits for others to come.
 */
final class RequestBatcher implements AutoCloseable {
  private record Waiting(BufferedImage image, CompletableFuture<float[]> answer) {}

  private final Encoder encoder;
  private final int batchSize;
  private final BlockingQueue<Waiting> queue;
  private final Thread thread = new Thread(this::work, "gpfm-batcher");
  private volatile boolean closed;

  /**
   * @param batchSize images in one call of the encoder, at most
   * @param capacity images that may wait
   */
  RequestBatcher(Encoder encoder, int batchSize, int capacity) {
    this.encoder = encoder;
    this.batchSize = batchSize;
    this.queue = new ArrayBlockingQueue<>(capacity);
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * @return the feature to come, or empty if too many images are waiting already
   */
  Optional<CompletableFuture<float[]>> submit(BufferedImage image) {
    Waiting waiting = new Waiting(image, new CompletableFuture<>());
    if (closed || !queue.offer(waiting)) {
      return Optional.empty();
    }
    return Optional.of(waiting.answer);
  }

  private void work() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!closed) {
        batch.add(queue.take());
        queue.drainTo(batch, batchSize - 1);
        answer(batch);
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.drainTo(batch);
    batch.forEach(w -> w.answer.completeExceptionally(new CancellationException("closed")));
  }

  private void answer(List<Waiting> batch) {
    try {
      Embeddings features = encoder.embed(batch.stream().map(Waiting::image).toList());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer.complete(features.vector(i));
      }
    } catch (RuntimeException e) {
      batch.forEach(waiting -> waiting.answer.completeExceptionally(e));
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
