package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** Little-endian float32 rows at a known place in a file. */
record RawRows(
    Path file,
    long start,
    int rows,
    int patches,
    int dimension,
    long[] coords,
    Optional<Provenance> provenance)
    implements FeatureReader {
  @Override
  public long[] coords() {
    return coords.clone();
  }

  @Override
  public float[] read(int firstRow, int count) {
    Objects.checkFromIndexSize(firstRow, count, rows);
    int length = Math.multiplyExact(Math.max(1, patches), dimension);
    float[] values = new float[Math.multiplyExact(count, length)];
    try {
      read(file, start + 4L * firstRow * length, 4L * values.length).asFloatBuffer().get(values);
    } catch (IOException e) {
      throw new GpfmException(file + " cannot be read: " + e.getMessage() + ".", e);
    }
    return values;
  }

  @Override
  public void close() {
    // Every read opens and closes the file.
  }

  /**
   * What every format asks first.
   *
   * @throws GpfmException if there is no such file
   */
  static void requireFile(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new GpfmException("There is no feature file " + file + ": check the path.");
    }
  }

  static ByteBuffer read(Path file, long position, long length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel in = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        int n = in.read(bytes, position + bytes.position());
        if (n < 0) {
          throw new EOFException("it ends too early");
        }
      }
    }
    return bytes.flip();
  }
}
