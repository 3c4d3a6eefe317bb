package io.github.gpfm.api;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Images in, features out.
 *
 * <p>Thread-safe: concurrent calls are answered in some order, each with its own result. Images of
 * any size and type are accepted; each is preprocessed the way the model's authors do it (for GPFM:
 * to 224x224 by an 8-bit antialiased bicubic resize, then ImageNet normalisation), transparent
 * pixels being composed on white.
 */
public interface Encoder extends AutoCloseable, Described {
  /** Hears of the features of many images. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a batch; called in order, on the thread that called {@link Encoder#embed(int,
     * IntFunction, TokenOutput, Sink)}.
     *
     * @param first number of the batch's first image
     * @param embeddings one entry per image from there
     */
    void accept(int first, Embeddings embeddings);
  }

  /** Images that come one after the other, of many slides for instance. */
  interface Source {
    /** Whether {@link #hasNext()} answers without waiting. */
    default boolean isReady() {
      return true;
    }

    /** Whether there is another image; waits until that is known. */
    boolean hasNext();

    /**
     * The next image.
     *
     * @return loads it; called once, on any thread, possibly while others are loaded
     */
    Supplier<BufferedImage> next();

    /**
     * Whether the image that {@link #next()} gave last is the last of its group, for instance of
     * its slide. See {@link Encoder#batchesAcrossGroups()}.
     */
    default boolean endsGroup() {
      return false;
    }
  }

  /** Name, dimension, input size, recommended tile size and resolution, licence. */
  EncoderInfo info();

  /**
   * Features of a batch.
   *
   * @param images any number; larger lists are split into batches that fit the device
   * @param output which tokens to return; every choice includes the feature vectors
   * @return one entry per image, in order
   * @throws DeviceMemoryException if not even one image fits the device
   * @throws EncoderException if the encoder is closed, or has no patch tokens and they were asked
   */
  Embeddings embed(List<BufferedImage> images, TokenOutput output);

  /** {@link #embed(List, TokenOutput)} with {@link TokenOutput#CLASS_TOKEN}. */
  default Embeddings embed(List<BufferedImage> images) {
    return embed(images, TokenOutput.CLASS_TOKEN);
  }

  /**
   * Feature of one image: the normalised class token of a vision transformer, or what the model's
   * authors use as feature.
   *
   * @return {@code info().dimension()} values
   */
  default float[] embed(BufferedImage image) {
    return embed(List.of(image)).vector(0);
  }

  /**
   * Embeds many images without holding them all. Encoders that can load the next images while the
   * network runs do so.
   *
   * @param count number of images
   * @param images gives image 0 to {@code count} - 1; may be called from several threads at once,
   *     each number once, in no particular order
   * @param output which tokens
   * @param sink takes the results, in order
   */
  default void embed(int count, IntFunction<BufferedImage> images, TokenOutput output, Sink sink) {
    int batch = batchSize();
    for (int first = 0; first < count; first += batch) {
      List<BufferedImage> list =
          IntStream.range(first, Math.min(count, first + batch)).mapToObj(images).toList();
      sink.accept(first, embed(list, output));
    }
  }

  /**
   * Images that go through the network at once, 1 or more; 32 unless an encoder has its own. Where
   * batches end with their group, a group divided at multiples of it gives the same features to the
   * bit as the group in one piece.
   */
  default int batchSize() {
    return 32;
  }

  /**
   * Whether {@link #embed(Source, TokenOutput, Sink)} fills batches with images of several groups.
   * On a processor the last bits of a feature depend on the size of its batch and its place in it,
   * so that a slide's features would depend on which other slides are in the run; and small batches
   * cost little there. On a GPU small batches cost much.
   */
  default boolean batchesAcrossGroups() {
    return false;
  }

  /**
   * Embeds images as they come, in batches that are full but for the last, or for the last of each
   * group.
   *
   * @param images asked on the calling thread
   * @param output which tokens
   * @param sink takes the results, in order, on the calling thread
   */
  default void embed(Source images, TokenOutput output, Sink sink) {
    int batch = batchSize();
    int first = 0;
    while (images.hasNext()) {
      List<BufferedImage> list = new ArrayList<>();
      boolean ended = false;
      while (list.size() < batch && !ended && images.hasNext()) {
        list.add(images.next().get());
        ended = !batchesAcrossGroups() && images.endsGroup();
      }
      sink.accept(first, embed(list, output));
      first += list.size();
    }
  }

  /** Length of the feature for a choice of tokens. */
  default int dimension(TokenOutput output) {
    return output == TokenOutput.CLASS_AND_MEAN_PATCH_TOKEN
        ? 2 * info().dimension()
        : info().dimension();
  }

  /**
   * What decides the features: name, weights and form of input. An encoder whose features depend on
   * more, for instance on its precision, adds that.
   */
  @Override
  default void describe(Recipe.Builder recipe) {
    EncoderInfo info = info();
    recipe
        .add("encoder", info.name())
        .add("weights.sha256", info.weightsSha256())
        .add("encoder.input-size", info.inputSize())
        .add("encoder.dimension", info.dimension());
  }

  /** {@link #embedAsync(List, TokenOutput)} with {@link TokenOutput#CLASS_TOKEN}. */
  default CompletableFuture<Embeddings> embedAsync(List<BufferedImage> images) {
    return embedAsync(images, TokenOutput.CLASS_TOKEN);
  }

  /**
   * {@link #embed(List, TokenOutput)} without waiting; unless an encoder does otherwise, on the
   * common pool. The future fails with what that method throws.
   */
  default CompletableFuture<Embeddings> embedAsync(List<BufferedImage> images, TokenOutput output) {
    return CompletableFuture.supplyAsync(() -> embed(images, output));
  }

  /** Releases weights and native memory once calls in progress have ended; may be called twice. */
  @Override
  void close();
}
