package io.github.gpfm.encoder;

import ai.djl.Device;
import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TokenOutput;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelCatalog;
import io.github.gpfm.encoder.catalog.ModelChoice;
import io.github.gpfm.encoder.image.Preprocessing;
import io.github.gpfm.encoder.image.Preprocessor;
import io.github.gpfm.encoder.model.EncoderModel;
import io.github.gpfm.encoder.model.EncoderModels;
import io.github.gpfm.encoder.model.ProgramFile;
import io.github.gpfm.encoder.weights.WeightFile;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Encoder} that runs a network through PyTorch, on GPUs if there are any. Thread-safe.
 *
 * <pre>{@code
 * try (GpfmEncoder encoder = GpfmEncoder.builder().weights(path).batchSize(32).build()) {
 *   Embeddings features = encoder.embed(images);
 * }
 * }</pre>
 *
 * <p>Natives are unpacked below {@code -Dgpfm.cache=DIR} (default {@code ~/.djl.ai}); nothing is
 * downloaded unless {@code -Dai.djl.offline=false} is given.
 */
public final class GpfmEncoder implements Encoder {
  private static final Logger LOG = LoggerFactory.getLogger(GpfmEncoder.class);

  private final EncoderInfo info;
  private final String structure;
  private final ToIntFunction<TokenOutput> dimensions;
  private final BatchEmbedder embedder;
  private final ExecutorService callers;
  private final ReentrantReadWriteLock lifecycle = new ReentrantReadWriteLock();
  private boolean closed;

  GpfmEncoder(
      EncoderInfo info,
      String structure,
      ToIntFunction<TokenOutput> dimensions,
      BatchEmbedder embedder,
      int callers) {
    this.info = info;
    this.structure = structure;
    this.dimensions = dimensions;
    this.embedder = embedder;
    this.callers = Executors.newFixedThreadPool(callers, embedder.threads(BatchEmbedder.CALLERS));
  }

  /**
   * Begins to describe an encoder; without {@link Builder#weights} it is the bundled tiny model.
   */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public EncoderInfo info() {
    return info;
  }

  /** Images in a batch; shrinks when the device runs out of memory. */
  @Override
  public int batchSize() {
    return embedder.batchSize();
  }

  /** What is done to an image before the network. */
  public Preprocessing preprocessing() {
    return embedder.preprocessing();
  }

  /** On GPUs only. */
  @Override
  public boolean batchesAcrossGroups() {
    return embedder.acrossGroups();
  }

  /** Also what files beside the weights and a catalogue say of network and preprocessing. */
  @Override
  public void describe(Recipe.Builder recipe) {
    Encoder.super.describe(recipe);
    recipe
        .add("weights.use.structure", structure)
        .add("weights.use.preprocessing", preprocessing());
  }

  @Override
  public int dimension(TokenOutput output) {
    return dimensions.applyAsInt(output);
  }

  @Override
  public Embeddings embed(List<BufferedImage> images, TokenOutput output) {
    return embed(images, output, new AtomicBoolean());
  }

  private Embeddings embed(List<BufferedImage> images, TokenOutput output, AtomicBoolean stop) {
    if (images.isEmpty()) {
      requireTokens(output);
      return Embeddings.of(0, dimension(output), new float[0]);
    }
    List<Embeddings> parts = new ArrayList<>();
    embed(images.size(), images::get, output, stop, (first, part) -> parts.add(part));
    return join(parts, images.size());
  }

  /**
   * Embeds many images without holding them all: while the network runs on one batch, worker
   * threads load and resize the next. An interrupt of the calling thread ends it after the batch in
   * progress.
   *
   * @throws io.github.gpfm.api.CancelledException if the calling thread is interrupted; its
   *     interrupt flag stays set
   */
  @Override
  public void embed(int count, IntFunction<BufferedImage> images, TokenOutput output, Sink sink) {
    embed(count, images, output, new AtomicBoolean(), sink);
  }

  private void embed(
      int count,
      IntFunction<BufferedImage> images,
      TokenOutput output,
      AtomicBoolean stop,
      Sink sink) {
    embed(new BatchEmbedder.Numbered(count, images), output, stop, sink);
  }

  private void embed(Source images, TokenOutput output, AtomicBoolean stop, Sink sink) {
    requireTokens(output);
    lifecycle.readLock().lock();
    try {
      if (closed) {
        throw new EncoderException("The encoder is closed; build a new one.");
      }
      embedder.run(images, output, stop, sink::accept);
    } finally {
      lifecycle.readLock().unlock();
    }
  }

  /**
   * {@link #embed(int, IntFunction, TokenOutput, Sink)} of images as they come. While there is
   * nothing to begin, batches that are done are handed on.
   */
  @Override
  public void embed(Source images, TokenOutput output, Sink sink) {
    embed(images, output, new AtomicBoolean(), sink);
  }

  /** Embeds without waiting; cancelling the future ends the work after the batch in progress. */
  @Override
  public CompletableFuture<Embeddings> embedAsync(List<BufferedImage> images, TokenOutput output) {
    List<BufferedImage> copy = List.copyOf(images);
    AtomicBoolean stop = new AtomicBoolean();
    try {
      CompletableFuture<Embeddings> result =
          CompletableFuture.supplyAsync(() -> embed(copy, output, stop), callers);
      result.whenComplete(
          (embeddings, error) -> {
            if (error != null) {
              stop.set(true);
            }
          });
      return result;
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new EncoderException("The encoder is closed; build a new one.", e));
    }
  }

  /**
   * Releases weights and native memory once calls in progress have ended. Called from within what
   * follows on a future of {@link #embedAsync}, it does not wait for other futures: those not begun
   * fail.
   *
   * @throws EncoderException if it is called from within {@link #embed(int, IntFunction,
   *     TokenOutput, Sink)}, by its sink or its source of images: it would wait for itself
   */
  @Override
  public void close() {
    boolean follows = embedder.isOwn(Thread.currentThread());
    if (lifecycle.getReadHoldCount() > 0
        || (follows && embedder.isWorker(Thread.currentThread()))) {
      throw new EncoderException(
          "close() was called from within embed(), which it waits for; call it after embed().");
    }
    callers.shutdown();
    try {
      if (!follows) {
        callers.awaitTermination(1, TimeUnit.HOURS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    lifecycle.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        embedder.close();
      }
    } finally {
      lifecycle.writeLock().unlock();
    }
  }

  private void requireTokens(TokenOutput output) {
    if (output != TokenOutput.CLASS_TOKEN && dimension(TokenOutput.MEAN_PATCH_TOKEN) == 0) {
      throw new EncoderException(
          "Model '%s' has no patch tokens; ask for CLASS_TOKEN.".formatted(info.name()));
    }
  }

  private static Embeddings join(List<Embeddings> parts, int count) {
    Embeddings first = parts.get(0);
    if (parts.size() == 1) {
      return first;
    }
    float[] features = BatchEmbedder.concatenate(parts.stream().map(Embeddings::toArray).toList());
    if (first.patchGrid().isEmpty()) {
      return Embeddings.of(count, first.dimension(), features);
    }
    List<float[]> patches = new ArrayList<>();
    for (Embeddings part : parts) {
      for (int i = 0; i < part.count(); i++) {
        patches.add(part.patchTokens(i));
      }
    }
    return Embeddings.withPatchTokens(
        count,
        first.dimension(),
        features,
        first.patchGrid().get(),
        BatchEmbedder.concatenate(patches));
  }

  /** Describes an encoder. */
  public static final class Builder {
    private static final int CPU_BATCH = 8;
    private static final int GPU_BATCH = 128;

    private @Nullable Path weights;
    private @Nullable EncoderModel model;
    private @Nullable ProgramFile program;
    private ComputeDevice device = ComputeDevice.auto();
    private Precision precision = Precision.FLOAT32;
    private OptionalInt heads = OptionalInt.empty();
    private Optional<String> state = Optional.empty();
    private OptionalInt batchSize = OptionalInt.empty();
    private int imageThreads = Runtime.getRuntime().availableProcessors();
    private boolean warmUp;

    private Builder() {}

    /**
     * A weight file, a model's folder or an index of shards. The model of the catalogue that the
     * file fits exactly is used and its name logged; if it fits none, it is read as a vision
     * transformer of the structure that it shows, and what it does not show is logged.
     */
    public Builder weights(Path file) {
      this.weights = file;
      return this;
    }

    /** A network that was put together elsewhere; instead of {@link #weights}. */
    public Builder model(EncoderModel network) {
      this.model = network;
      return this;
    }

    /** A TorchScript or ONNX file; instead of {@link #weights}. */
    public Builder program(ProgramFile file) {
      this.program = file;
      return this;
    }

    /**
     * Number of attention heads, where {@link #weights} do not state them: the file is then read as
     * a vision transformer of its own structure.
     */
    public Builder heads(int number) {
      this.heads = OptionalInt.of(number);
      return this;
    }

    /**
     * Which of the networks in {@link #weights}: {@code teacher}, {@code ema}, {@code model},
     * {@code student} or a prefix of names; by default the first of these that is there.
     */
    public Builder state(String name) {
      this.state = Optional.of(name);
      return this;
    }

    /** Where to run; {@link ComputeDevice#auto()} by default. */
    public Builder device(ComputeDevice choice) {
      this.device = choice;
      return this;
    }

    /** Images at once; by default 8 on the CPU, 128 on a GPU, halved while they do not fit. */
    public Builder batchSize(int images) {
      if (images < 1) {
        throw new InvalidOptionException("batchSize must be 1 or more, not " + images + ".");
      }
      this.batchSize = OptionalInt.of(images);
      return this;
    }

    /** Element type to compute in; {@link Precision#FLOAT32} by default. */
    public Builder precision(Precision type) {
      this.precision = type;
      return this;
    }

    /** Threads that load and resize images; by default one per processor. */
    public Builder imageThreads(int threads) {
      if (threads < 1) {
        throw new InvalidOptionException("imageThreads must be 1 or more, not " + threads + ".");
      }
      this.imageThreads = threads;
      return this;
    }

    /** Runs one image on each device while building: the first call is as fast as the next. */
    public Builder warmUp(boolean wanted) {
      this.warmUp = wanted;
      return this;
    }

    /**
     * Reads the weights and puts the network on its devices.
     *
     * @throws io.github.gpfm.api.WeightsException if the weight file does not fit
     * @throws io.github.gpfm.encoder.catalog.AmbiguousModelException if it fits several models;
     *     name one by {@link io.github.gpfm.encoder.catalog.Encoders#builder(String, Path)}
     * @throws InvalidOptionException if a device is not there
     * @throws EncoderException if the engine cannot be started
     */
    public GpfmEncoder build() {
      if (Stream.of(weights, model, program).filter(Objects::nonNull).count() > 1) {
        throw new InvalidOptionException("Give one of weights, a model and a program.");
      }
      List<Device> devices = device.resolve();
      GpfmEncoder encoder =
          program == null ? buildNetwork(devices, network()) : buildProgram(devices, program);
      if (precision == Precision.FLOAT16 && devices.stream().noneMatch(Device::isGpu)) {
        LOG.warn(
            "float16 is meant for GPUs and slower than float32 on this processor; choose bfloat16"
                + " or float32.");
      }
      if (warmUp) {
        encoder.embedder.warmUp();
      }
      return encoder;
    }

    private GpfmEncoder buildNetwork(List<Device> devices, EncoderModel network) {
      List<BatchModel> models =
          onEach(devices, each -> new DeviceModel(network, each, precision.dtype()));
      return new GpfmEncoder(
          network.info(),
          network.structure(),
          network::dimension,
          embedder(models, network.preprocessing(), devices),
          models.size() + 1);
    }

    private GpfmEncoder buildProgram(List<Device> devices, ProgramFile file) {
      if (precision != Precision.FLOAT32) {
        throw new InvalidOptionException(
            "A TorchScript or ONNX program computes as it was exported; leave precision float32.");
      }
      List<BatchModel> models = onEach(devices, each -> new ProgramModel(file, each));
      int edge = file.preprocessing().inputSize();
      try {
        // One image tells the feature's length, and whether the input size is right.
        ByteBuffer black = ByteBuffer.allocateDirect(edge * edge * 3);
        int dimension = models.get(0).run(black, 1, TokenOutput.CLASS_TOKEN).features().length;
        EncoderInfo info =
            EncoderInfo.builder(String.valueOf(file.path().getFileName()), dimension)
                .architecture(file.engine() + " program")
                .inputSize(edge)
                .tileSize(file.tileSize())
                .mpp(file.mpp())
                .license("as the program's authors state")
                .weightsSha256(WeightFile.sha256(file.path()))
                .build();
        return new GpfmEncoder(
            info,
            info.architecture(),
            output -> output == TokenOutput.MEAN_PATCH_TOKEN ? 0 : dimension,
            embedder(models, file.preprocessing(), devices),
            models.size() + 1);
      } catch (RuntimeException e) {
        models.forEach(BatchModel::close);
        throw e;
      }
    }

    private static List<BatchModel> onEach(
        List<Device> devices, Function<Device, BatchModel> load) {
      List<BatchModel> models = new ArrayList<>();
      try {
        devices.forEach(each -> models.add(load.apply(each)));
        return models;
      } catch (RuntimeException e) {
        models.forEach(BatchModel::close);
        throw e;
      }
    }

    private BatchEmbedder embedder(
        List<BatchModel> models, Preprocessing preprocessing, List<Device> devices) {
      int size = batchSize.orElse(devices.get(0).isGpu() ? GPU_BATCH : CPU_BATCH);
      return new BatchEmbedder(
          models,
          new Preprocessor(preprocessing),
          size,
          imageThreads,
          devices.stream().allMatch(Device::isGpu));
    }

    private EncoderModel network() {
      if (model != null) {
        return model;
      }
      return weights == null
          ? EncoderModels.tiny()
          : Encoders.model(
              new ModelChoice(ModelCatalog.builtIn(), Optional.empty(), heads, state), weights);
    }
  }
}
