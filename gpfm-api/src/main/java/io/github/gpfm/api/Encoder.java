package io.github.gpfm.api;

import java.awt.image.BufferedImage;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Images in, features out.
 *
 * <p>Thread-safe: concurrent calls are answered in some order, each with its own result. Images of
 * any size and type are accepted; each is preprocessed the way the model's authors do it (for GPFM:
 * to 224x224 by an 8-bit antialiased bicubic resize, then ImageNet normalisation), transparent
 * pixels being composed on white.
 */
public interface Encoder extends AutoCloseable {
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

  /** {@link #embed(List)} without waiting. */
  CompletableFuture<Embeddings> embedAsync(List<BufferedImage> images);

  /** Releases weights and native memory once calls in progress have ended; may be called twice. */
  @Override
  void close();
}
