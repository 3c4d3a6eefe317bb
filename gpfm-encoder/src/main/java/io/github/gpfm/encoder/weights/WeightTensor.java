package io.github.gpfm.encoder.weights;

import io.github.gpfm.api.WeightsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * A named tensor of a weight file. Immutable; the data may still be in the file.
 *
 * @param name for instance {@code blocks.0.attn.qkv.weight}
 * @param dtype element type
 * @param shape sizes, outermost first; empty for a scalar; copied
 * @param data little-endian elements, row-major, exactly as many bytes as shape and dtype say
 */
public record WeightTensor(String name, DType dtype, List<Long> shape, TensorData data) {
  /** Elements converted at a time. */
  private static final int CHUNK = 1 << 16;

  /** Checks that sizes are not negative and that the data have the right length. */
  public WeightTensor {
    shape = List.copyOf(shape);
    long bytes = Math.multiplyExact(count(shape), (long) dtype.size());
    if (bytes != data.size()) {
      throw new IllegalArgumentException(
          "tensor %s of %s %s needs %d bytes, not %d"
              .formatted(name, dtype, shape, bytes, data.size()));
    }
  }

  /** A FLOAT32 tensor. */
  public static WeightTensor ofFloats(String name, List<Long> shape, float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 4).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(values);
    return new WeightTensor(name, DType.FLOAT32, shape, TensorData.of(bytes.array()));
  }

  /** An INT64 tensor. */
  public static WeightTensor ofLongs(String name, List<Long> shape, long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return new WeightTensor(name, DType.INT64, shape, TensorData.of(bytes.array()));
  }

  /** Number of elements. */
  public long count() {
    return count(shape);
  }

  /** Number of bytes. */
  public long byteSize() {
    return data.size();
  }

  /** Size of axis {@code axis}; negative counts from the last. */
  public long size(int axis) {
    return shape.get(axis < 0 ? shape.size() + axis : axis);
  }

  /** The same data under another name. */
  public WeightTensor renamed(String newName) {
    return new WeightTensor(newName, dtype, shape, data);
  }

  /**
   * The same data in another shape.
   *
   * @throws IllegalArgumentException if the number of elements differs
   */
  public WeightTensor reshaped(Long... newShape) {
    return new WeightTensor(name, dtype, Arrays.asList(newShape), data);
  }

  /**
   * Rows {@code from} to {@code to} of the outermost axis, without copying.
   *
   * @param from first row, 0 ≤ from ≤ to
   * @param to one past the last row, at most {@code size(0)}
   */
  public WeightTensor rows(String newName, long from, long to) {
    if (shape.isEmpty() || from < 0 || to < from || to > shape.get(0)) {
      throw new IllegalArgumentException(
          "no rows %d to %d in tensor %s of shape %s".formatted(from, to, name, shape));
    }
    Long[] newShape = shape.toArray(Long[]::new);
    long rowBytes = newShape[0] == 0 ? 0 : data.size() / newShape[0];
    newShape[0] = to - from;
    TensorData part = new SlicedData(data, from * rowBytes, (to - from) * rowBytes);
    return new WeightTensor(newName, dtype, Arrays.asList(newShape), part);
  }

  /**
   * The same values as another floating-point type, converted when they are read; integers and
   * booleans stay as they are.
   */
  public WeightTensor cast(DType target) {
    if (target == dtype || !dtype.isFloating()) {
      return this;
    }
    if (!target.isFloating()) {
      throw new IllegalArgumentException("cannot cast " + name + " to " + target);
    }
    return new WeightTensor(name, target, shape, new CastData(data, dtype, target));
  }

  /**
   * All values as float; exact for 16- and 32-bit types.
   *
   * @throws WeightsException if the file behind cannot be read, or there are more values than fit
   *     an array
   */
  public float[] toFloats() {
    float[] values = new float[intCount()];
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(values.length, CHUNK) * dtype.size());
    for (int done = 0; done < values.length; ) {
      int n = Math.min(CHUNK, values.length - done);
      ByteBuffer bytes = chunk(chunk, done, n);
      for (int i = 0; i < n; i++) {
        values[done + i] = (float) Elements.toDouble(dtype, bytes, i);
      }
      done += n;
    }
    return values;
  }

  /**
   * All values as long; floating-point values are truncated.
   *
   * @throws WeightsException as {@link #toFloats()}
   */
  public long[] toLongs() {
    long[] values = new long[intCount()];
    ByteBuffer chunk = ByteBuffer.allocate(Math.min(values.length, CHUNK) * dtype.size());
    for (int done = 0; done < values.length; ) {
      int n = Math.min(CHUNK, values.length - done);
      ByteBuffer bytes = chunk(chunk, done, n);
      for (int i = 0; i < n; i++) {
        values[done + i] =
            dtype == DType.INT64 ? bytes.getLong(i * 8) : (long) Elements.toDouble(dtype, bytes, i);
      }
      done += n;
    }
    return values;
  }

  /** All bytes, little-endian; at most 2 GB. */
  public ByteBuffer toBuffer() {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(data.size()));
    readInto(0, bytes);
    return bytes.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** {@code FLOAT32 [3, 14]} and the like, for messages. */
  public String describe() {
    return dtype + " " + shape;
  }

  private int intCount() {
    if (count() > Integer.MAX_VALUE - 8) {
      throw new WeightsException(
          "Tensor '%s' has %d values, more than fit one array; read it in rows."
              .formatted(name, count()));
    }
    return (int) count();
  }

  private ByteBuffer chunk(ByteBuffer chunk, long element, int count) {
    chunk.clear().limit(count * dtype.size());
    readInto(element * dtype.size(), chunk);
    return chunk.flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  private void readInto(long position, ByteBuffer target) {
    try {
      data.read(position, target);
    } catch (IOException e) {
      throw new WeightsException(
          "Tensor '%s' cannot be read: %s; open the weight file again."
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private static long count(List<Long> shape) {
    long count = 1;
    for (long size : shape) {
      if (size < 0) {
        throw new IllegalArgumentException("negative size in " + shape);
      }
      count = Math.multiplyExact(count, size);
    }
    return count;
  }
}
