package io.github.gpfm.encoder;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.image.Preprocessor;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;

/**
 * Keeps models busy: worker threads load and resize the images of the next batches while each
 * device runs one. At most two batches per device and two more are in memory: results are handed on
 * in order, and no device stands idle because another is slower. Batches that do not fit a device
 * are halved, for good.
 */
final class BatchEmbedder implements AutoCloseable {
  /** Hears of finished batches, in order, on the thread that called {@link #run}. */
  interface Sink {
    /**
     * @param first number of the batch's first image
     */
    void accept(int first, Embeddings embeddings);
  }

  /** How the names of threads begin that call {@link #run} for others. */
  static final String CALLERS = "gpfm-embed";

  private static final int AHEAD = 2;

  private final List<BatchModel> models;
  private final BlockingQueue<BatchModel> idle;
  private final Preprocessor preprocessor;
  private final ExecutorService modelThreads;
  private final ExecutorService imageThreads;
  private final AtomicInteger batchSize;
  private final int imageBytes;
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();

  BatchEmbedder(
      List<? extends BatchModel> models, Preprocessor preprocessor, int batchSize, int workers) {
    this.models = List.copyOf(models);
    this.idle = new ArrayBlockingQueue<>(models.size(), false, this.models);
    this.preprocessor = preprocessor;
    this.batchSize = new AtomicInteger(batchSize);
    this.modelThreads = Executors.newFixedThreadPool(models.size(), threads("gpfm-model"));
    this.imageThreads = Executors.newFixedThreadPool(workers, threads("gpfm-image"));
    int size = preprocessor.preprocessing().inputSize();
    this.imageBytes = size * size * 3;
  }

  /** Images in a batch; shrinks when a device runs out of memory. */
  int batchSize() {
    return batchSize.get();
  }

  /**
   * Embeds images 0 to {@code count} - 1. Nothing of the call goes on once it has returned.
   *
   * @param images called on worker threads, in no particular order
   * @param stop no further batch begins once it is set; set as well when the call ends early
   * @throws CancelledException if it was stopped, or the thread was interrupted
   */
  void run(
      int count,
      IntFunction<BufferedImage> images,
      TokenOutput output,
      AtomicBoolean stop,
      Sink sink) {
    Deque<Batch> inFlight = new ArrayDeque<>();
    try {
      int next = 0;
      while (next < count || !inFlight.isEmpty()) {
        while (next < count && inFlight.size() < window()) {
          requireWanted(stop);
          int size = Math.min(batchSize.get(), count - next);
          inFlight.add(start(next, size, images, output, stop));
          next += size;
        }
        Batch batch = inFlight.peek();
        Embeddings embeddings = await(batch.result);
        inFlight.remove();
        sink.accept(batch.first, embeddings);
      }
    } finally {
      stop.set(true);
      inFlight.forEach(batch -> batch.result.handle((result, error) -> null).join());
    }
  }

  private static void requireWanted(AtomicBoolean stop) {
    if (stop.get() || Thread.currentThread().isInterrupted()) {
      throw new CancelledException("Embedding was cancelled.");
    }
  }

  private int window() {
    return 2 * models.size() + AHEAD;
  }

  /** Runs one black image on every device: engines tune themselves on their first calls. */
  void warmUp() {
    for (BatchModel model : models) {
      NativeWork.call(
          () -> model.run(ByteBuffer.allocateDirect(imageBytes), 1, TokenOutput.CLASS_TOKEN));
    }
  }

  private record Batch(int first, CompletableFuture<Embeddings> result) {}

  private Batch start(
      int first,
      int size,
      IntFunction<BufferedImage> images,
      TokenOutput output,
      AtomicBoolean stop) {
    ByteBuffer pixels = borrow(size);
    CompletableFuture<?>[] loaded = new CompletableFuture<?>[size];
    for (int i = 0; i < size; i++) {
      int index = i;
      loaded[i] =
          CompletableFuture.runAsync(
              () -> {
                requireWanted(stop);
                pixels.put(index * imageBytes, preprocessor.apply(images.apply(first + index)));
              },
              imageThreads);
    }
    CompletableFuture<Embeddings> result =
        CompletableFuture.allOf(loaded)
            .thenApplyAsync(
                done -> {
                  requireWanted(stop);
                  return embed(pixels, size, output);
                },
                modelThreads);
    return new Batch(first, result.whenComplete((done, error) -> giveBack(pixels)));
  }

  private Embeddings embed(ByteBuffer pixels, int size, TokenOutput output) {
    BatchModel model;
    try {
      model = idle.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("Embedding was cancelled.", e);
    }
    try {
      List<BatchModel.Result> parts = new ArrayList<>();
      runFitting(model, pixels, size, output, parts);
      return join(parts, size);
    } finally {
      idle.add(model);
    }
  }

  private void runFitting(
      BatchModel model,
      ByteBuffer pixels,
      int count,
      TokenOutput output,
      List<BatchModel.Result> parts) {
    for (int done = 0; done < count; ) {
      int n = Math.min(count - done, batchSize.get());
      ByteBuffer part = pixels.duplicate();
      part.position(done * imageBytes).limit((done + n) * imageBytes);
      try {
        parts.add(NativeWork.call(() -> model.run(part.slice(), n, output)));
        done += n;
      } catch (DeviceMemoryException e) {
        if (n == 1) {
          throw e;
        }
        batchSize.accumulateAndGet(Math.max(n / 2, 1), Math::min);
      }
    }
  }

  private static Embeddings join(List<BatchModel.Result> parts, int count) {
    float[] features = concatenate(parts.stream().map(BatchModel.Result::features).toList());
    Optional<Embeddings.PatchGrid> grid = parts.get(0).grid();
    int dimension = features.length / count;
    return grid.map(
            g ->
                Embeddings.withPatchTokens(
                    count,
                    dimension,
                    features,
                    g,
                    concatenate(parts.stream().map(BatchModel.Result::patches).toList())))
        .orElseGet(() -> Embeddings.of(count, dimension, features));
  }

  static float[] concatenate(List<float[]> parts) {
    if (parts.size() == 1) {
      return parts.get(0);
    }
    float[] all = new float[parts.stream().mapToInt(p -> p.length).reduce(0, Math::addExact)];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  private static Embeddings await(CompletableFuture<Embeddings> result) {
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException("Embedding was cancelled.", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof GpfmException known) {
        throw known;
      } else if (cause instanceof Error error) {
        throw error;
      }
      throw new EncoderException("An image could not be embedded: " + cause, cause);
    }
  }

  private ByteBuffer borrow(int size) {
    synchronized (buffers) {
      ByteBuffer buffer = buffers.poll();
      if (buffer != null && buffer.capacity() >= size * imageBytes) {
        return buffer;
      }
    }
    return ByteBuffer.allocateDirect(
        Math.multiplyExact(Math.max(size, Math.min(batchSize.get(), 64)), imageBytes));
  }

  private void giveBack(ByteBuffer buffer) {
    synchronized (buffers) {
      if (buffers.size() < window()) {
        buffers.add(buffer);
      }
    }
  }

  /** A thread that works for one encoder. */
  private static final class OwnThread extends Thread {
    private final BatchEmbedder owner;

    OwnThread(BatchEmbedder owner, Runnable task, String name) {
      super(task, name);
      this.owner = owner;
      setDaemon(true);
    }
  }

  /** Makes threads that {@link #isOwn} knows. */
  final ThreadFactory threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> new OwnThread(this, task, name + "-" + number.incrementAndGet());
  }

  /** Whether a thread works for this encoder. */
  boolean isOwn(Thread thread) {
    return thread instanceof OwnThread own && own.owner == this;
  }

  /** Whether a thread loads images or runs the network, which a call of {@link #run} waits for. */
  boolean isWorker(Thread thread) {
    return isOwn(thread) && !thread.getName().startsWith(CALLERS);
  }

  /** Ends the threads and closes the models; no call may be in progress. */
  @Override
  public void close() {
    for (ExecutorService threads : Arrays.asList(imageThreads, modelThreads)) {
      threads.shutdown();
      try {
        threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    models.forEach(BatchModel::close);
  }
}
