package io.github.gpfm.examples.service;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.TokenOutput;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns images that arrive one by one into batches: while the network works on one batch, the next
 * gathers. An image never waits for others to come, and never fails because of another: the images
 * of a batch that fails are embedded one by one. {@link #watch}, called now and then, starts the
 * thread again should it ever die.
 */
final class RequestBatcher implements AutoCloseable {
  /**
   * An image's feature and, if they were asked for, its patch tokens: one row of a batch.
   *
   * @param batch the batch
   * @param row which of its images
   */
  record Row(Embeddings batch, int row) {}

  private record Waiting(
      BufferedImage image, TokenOutput output, CompletableFuture<Row> answer, Runnable done) {}

  /** A batch that takes longer is taken for stuck. */
  private static final Duration STUCK = Duration.ofMinutes(5);

  private static final Duration POLL = Duration.ofMillis(200);
  private static final Logger LOG = LoggerFactory.getLogger(RequestBatcher.class);

  private final Encoder encoder;
  private final int batchSize;
  private final ServiceMetrics metrics;
  private final BlockingQueue<Waiting> queue;
  private volatile List<Waiting> current = List.of();
  private volatile long busySince;
  private volatile boolean closed;
  private volatile Thread thread;

  /**
   * @param batchSize images in one call of the encoder, at most
   * @param capacity images that may wait
   */
  RequestBatcher(Encoder encoder, int batchSize, int capacity, ServiceMetrics metrics) {
    this.encoder = encoder;
    this.batchSize = batchSize;
    this.metrics = metrics;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = start();
  }

  private Thread start() {
    Thread started = new Thread(this::work, "gpfm-batcher");
    started.setDaemon(true);
    started.start();
    return started;
  }

  /**
   * Queues an image.
   *
   * @param done run once the image is no longer needed, whatever becomes of it
   * @return the feature to come
   * @throws Rejected if too many images are waiting already
   */
  CompletableFuture<Row> submit(BufferedImage image, TokenOutput output, Runnable done) {
    Waiting waiting = new Waiting(image, output, new CompletableFuture<>(), done);
    boolean queued = !closed && queue.offer(waiting);
    if (!queued || (closed && queue.remove(waiting))) {
      done.run();
      throw new Rejected(503, "Too many images are waiting; try again later.");
    }
    return waiting.answer;
  }

  /** Images that wait. */
  int waiting() {
    return queue.size();
  }

  /** Why no feature is to be expected, or {@code null} if all is well. */
  @Nullable String trouble() {
    if (closed) {
      return "The service is closing.";
    }
    if (!thread.isAlive()) {
      return "The batcher has died and is about to be started again.";
    }
    long since = busySince;
    if (since != 0 && System.nanoTime() - since > STUCK.toNanos()) {
      return "The encoder has worked on one batch for more than %d minutes."
          .formatted(STUCK.toMinutes());
    }
    return null;
  }

  /** Starts the thread again if it has died; its last batch is answered with a failure. */
  synchronized void watch() {
    if (closed || thread.isAlive()) {
      return;
    }
    LOG.error("The batcher died and is started again.");
    metrics.restarted();
    for (Waiting lost : current) {
      lost.answer.completeExceptionally(
          new Rejected(500, "The image could not be embedded; see the service's log."));
      lost.done.run();
    }
    current = List.of();
    busySince = 0;
    thread = start();
  }

  private void work() {
    List<Waiting> batch = new ArrayList<>();
    try {
      while (!closed) {
        Waiting first = queue.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        queue.drainTo(batch, batchSize - 1);
        current = List.copyOf(batch);
        busySince = System.nanoTime();
        for (TokenOutput output : TokenOutput.values()) {
          answer(
              batch.stream()
                  .filter(waiting -> waiting.output == output && !waiting.answer.isDone())
                  .toList(),
              output);
        }
        busySince = 0;
        current = List.of();
        batch.forEach(waiting -> waiting.done.run());
        batch.clear();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void answer(List<Waiting> batch, TokenOutput output) {
    if (batch.isEmpty()) {
      return;
    }
    try {
      Embeddings features = encoder.embed(batch.stream().map(Waiting::image).toList(), output);
      metrics.embedded(batch.size());
      for (int i = 0; i < batch.size(); i++) {
        batch.get(i).answer.complete(new Row(features, i));
      }
    } catch (RuntimeException | Error e) {
      if (batch.size() > 1) {
        batch.forEach(each -> answer(List.of(each), output));
      } else {
        batch.get(0).answer.completeExceptionally(e);
      }
    }
  }

  /** Stops after the batch in progress; what waits is refused. */
  @Override
  public void close() {
    Thread last;
    synchronized (this) {
      closed = true;
      last = thread;
    }
    try {
      last.join(Duration.ofSeconds(30).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Waiting> left = new ArrayList<>();
    queue.drainTo(left);
    for (Waiting waiting : left) {
      waiting.answer.completeExceptionally(
          new Rejected(503, "The service is closing; try again later."));
      waiting.done.run();
    }
  }
}
