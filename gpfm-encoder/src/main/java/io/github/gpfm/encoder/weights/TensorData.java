package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The bytes of a tensor, little-endian, contiguous, row-major; possibly still in a file, possibly
 * more than 2 GB. Thread-safe.
 */
public interface TensorData {
  /** Number of bytes. */
  long size();

  /**
   * Fills the rest of {@code target} with the bytes from {@code position}. Position and length must
   * be multiples of the element size.
   *
   * @throws IOException if the file behind cannot be read or has changed
   */
  void read(long position, ByteBuffer target) throws IOException;

  /** Writes all bytes, a chunk at a time. */
  default void writeTo(WritableByteChannel channel) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(Math.max(size(), 1), 1 << 20));
    for (long position = 0; position < size(); ) {
      chunk.clear().limit((int) Math.min(chunk.capacity(), size() - position));
      read(position, chunk);
      chunk.flip();
      position += chunk.remaining();
      while (chunk.hasRemaining()) {
        channel.write(chunk);
      }
    }
  }

  /** Bytes in memory; the array is owned by the result from now on. */
  static TensorData of(byte[] bytes) {
    return new TensorData() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public void read(long position, ByteBuffer target) {
        target.put(bytes, Math.toIntExact(position), target.remaining());
      }
    };
  }
}
