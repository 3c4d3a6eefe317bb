package io.github.gpfm.encoder;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.TokenOutput;
import java.nio.ByteBuffer;
import java.util.Optional;

/** What turns a batch of preprocessed pixels into tokens. Used by one thread at a time. */
interface BatchModel extends AutoCloseable {
  /**
   * @param features count x dimension
   * @param grid shape of one image's patch tokens if they were asked for
   * @param patches count x grid
   */
  record Result(float[] features, Optional<Embeddings.PatchGrid> grid, float[] patches) {}

  /**
   * @param pixels count x size x size x 3 bytes from position 0; direct
   * @throws io.github.gpfm.api.DeviceMemoryException if the batch is too large for the device
   */
  Result run(ByteBuffer pixels, int count, TokenOutput output);

  @Override
  void close();
}
