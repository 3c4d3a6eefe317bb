package io.github.gpfm.encoder;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps models busy: worker threads load and resize the images of the next batches while each
 * device runs one. At most two batches per device and two more are in memory: results are handed on
 * in order, and no device stands idle because another is slower. Batches that do not fit a device
 * are halved, for good.
 */
final class BatchEmbedder implements AutoCloseable {
  /** Receives finished batches, in order, on the thread that called {@link #run}. */
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
  private final boolean acrossGroups;
  private final int imageBytes;
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();

  /**
   * @param acrossGroups whether batches are filled with images of several groups
   */
  BatchEmbedder(
      List<? extends BatchModel> models,
      Preprocessor preprocessor,
      int batchSize,
      int workers,
      boolean acrossGroups) {
    this.acrossGroups = acrossGroups;
    this.models = List.copyOf(models);
    this.idle = new ArrayBlockingQueue<>(models.size(), false, this.models);
    this.preprocessor = preprocessor;
    this.batchSize = new AtomicInteger(batchSize);
    this.modelThreads = Executors.newFixedThreadPool(models.size(), threads("gpfm-model"));
    this.imageThreads = Executors.newFixedThreadPool(workers, threads("gpfm-image"));
    int size = preprocessor.preprocessing().inputSize();
    this.imageBytes = size * size * 3;
  }

  /** What is done to an image. */
  Preprocessing preprocessing() {
    return preprocessor.preprocessing();
  }

  /** Whether batches are filled with images of several groups. */
  boolean acrossGroups() {
    return acrossGroups;
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
    run(new Numbered(count, images), output, stop, sink);
  }

  /** Images with numbers as a source. */
  static final class Numbered implements Encoder.Source {
    private final int count;
    private final IntFunction<BufferedImage> images;
    private int next;

    Numbered(int count, IntFunction<BufferedImage> images) {
      this.count = count;
      this.images = images;
    }

    @Override
    public boolean hasNext() {
      return next < count;
    }

    @Override
    public Supplier<BufferedImage> next() {
      int number = next++;
      return () -> images.apply(number);
    }
  }

  /**
   * Embeds images as they come. Nothing of the call goes on once it has returned.
   *
   * @param images asked on this thread, loaded on worker threads, in no particular order
   * @param stop no further batch begins once it is set; set as well when the call ends early
   * @throws CancelledException if it was stopped, or the thread was interrupted
   */
  void run(Encoder.Source images, TokenOutput output, AtomicBoolean stop, Sink sink) {
    Deque<Batch> inFlight = new ArrayDeque<>();
    Loading loading = new Loading(0, stop);
    boolean more = true;
    try {
      while (more || !inFlight.isEmpty()) {
        while (more && inFlight.size() < window() && (images.isReady() || inFlight.isEmpty())) {
          requireWanted(stop);
          more = images.hasNext();
          boolean ended = !more;
          if (more) {
            loading.add(images.next());
            ended = !acrossGroups && images.endsGroup();
          }
          if (loading.isFull() || (ended && loading.size() > 0)) {
            inFlight.add(loading.start(output));
            loading = new Loading(loading.end(), stop);
          }
        }
        Batch batch = inFlight.peek();
        if (batch != null) {
          requireWanted(stop);
          Embeddings embeddings = await(batch.result);
          inFlight.remove();
          sink.accept(batch.first, embeddings);
        }
      }
    } finally {
      stop.set(true);
      inFlight.forEach(batch -> batch.result.handle((result, error) -> null).join());
      loading.drop();
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

  /** A batch whose images are being loaded, from the first on. */
  private final class Loading {
    private final int first;
    private final AtomicBoolean stop;
    private final int capacity = batchSize.get();
    private final List<CompletableFuture<?>> loaded = new ArrayList<>();
    private @Nullable ByteBuffer pixels;

    Loading(int first, AtomicBoolean stop) {
      this.first = first;
      this.stop = stop;
    }

    int size() {
      return loaded.size();
    }

    /** Number of the first image of the next batch. */
    int end() {
      return first + size();
    }

    boolean isFull() {
      return size() >= capacity;
    }

    void add(Supplier<BufferedImage> image) {
      ByteBuffer room = pixels == null ? borrow(capacity) : pixels;
      pixels = room;
      int at = size() * imageBytes;
      loaded.add(
          CompletableFuture.runAsync(
              () -> {
                requireWanted(stop);
                room.put(at, preprocessor.apply(image.get()));
              },
              imageThreads));
    }

    /** Runs the network once all images are loaded. */
    Batch start(TokenOutput output) {
      ByteBuffer room = Objects.requireNonNull(pixels, "no image");
      int size = size();
      CompletableFuture<Embeddings> result =
          all()
              .thenApplyAsync(
                  done -> {
                    requireWanted(stop);
                    return embed(room, size, output);
                  },
                  modelThreads);
      return new Batch(first, result.whenComplete((done, error) -> giveBack(room)));
    }

    private CompletableFuture<Void> all() {
      return CompletableFuture.allOf(loaded.toArray(CompletableFuture<?>[]::new));
    }

    /** Waits for the images of a batch that was not started. */
    void drop() {
      ByteBuffer room = pixels;
      if (room != null) {
        all().handle((result, error) -> null).join();
        giveBack(room);
      }
    }
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
