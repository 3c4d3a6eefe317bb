package io.github.gpfm.encoder.script;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;
import java.util.List;

/** Between weight files and arrays of the engine. */
public final class Tensors {
  private Tensors() {}

  /** A copy of a tensor on the manager's device; at most 2 GB. */
  public static NDArray toArray(NDManager manager, WeightTensor tensor) {
    long[] shape = tensor.shape().stream().mapToLong(Long::longValue).toArray();
    return manager.create(tensor.toBuffer(), new Shape(shape), dataType(tensor.dtype()));
  }

  /** A copy of an array's values; at most 2 GB. */
  public static WeightTensor toTensor(String name, NDArray array) {
    return withBytes(
        array,
        buffer -> {
          byte[] bytes = new byte[buffer.remaining()];
          buffer.get(bytes);
          return new WeightTensor(name, dtype(array), shape(array), TensorData.of(bytes));
        });
  }

  /**
   * An array's values without a copy in the heap: they are read when the tensor is written, a
   * tensor at a time, and are those of then. At most 2 GB.
   *
   * @param array to live, in its manager, until the tensor has been written
   */
  public static WeightTensor view(String name, NDArray array) {
    DType dtype = dtype(array);
    ArrayData data = new ArrayData(array, array.size() * dtype.size());
    return new WeightTensor(name, dtype, shape(array), data);
  }

  private record ArrayData(NDArray array, long size) implements TensorData {
    @Override
    public void read(long position, ByteBuffer target) {
      withBytes(
          array,
          all -> {
            int at = all.position() + Math.toIntExact(position);
            return target.put(all.limit(at + target.remaining()).position(at));
          });
    }

    @Override
    public void writeTo(WritableByteChannel channel) throws IOException {
      withBytes(
          array,
          all -> {
            while (all.hasRemaining()) {
              channel.write(all);
            }
            return all;
          });
    }
  }

  private interface Use<T, E extends Exception> {
    T of(ByteBuffer bytes) throws E;
  }

  /**
   * DJL reads a device's array through a copy on the CPU that it attaches to the array's manager,
   * where it stays as long as that lives: here the copy is made first and closed after use.
   */
  private static <T, E extends Exception> T withBytes(NDArray array, Use<T, E> use) throws E {
    if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalStateException("only little-endian machines are supported");
    }
    if (!array.getDevice().isGpu()) {
      return use.of(array.toByteBuffer().order(ByteOrder.nativeOrder()));
    }
    try (NDArray copy = array.toDevice(Device.cpu(), true)) {
      return use.of(copy.toByteBuffer().order(ByteOrder.nativeOrder()));
    }
  }

  private static List<Long> shape(NDArray array) {
    return Arrays.stream(array.getShape().getShape()).boxed().toList();
  }

  /** The engine's name of an element type. */
  public static DataType dataType(DType dtype) {
    return switch (dtype) {
      case FLOAT64 -> DataType.FLOAT64;
      case FLOAT32 -> DataType.FLOAT32;
      case FLOAT16 -> DataType.FLOAT16;
      case BFLOAT16 -> DataType.BFLOAT16;
      case INT64 -> DataType.INT64;
      case INT32 -> DataType.INT32;
      case INT16 -> DataType.INT16;
      case INT8 -> DataType.INT8;
      case UINT8 -> DataType.UINT8;
      case BOOL -> DataType.BOOLEAN;
      default ->
          throw new WeightsException(
              "Tensors of type %s are not run; convert them to F32.".formatted(dtype));
    };
  }

  private static DType dtype(NDArray array) {
    return switch (array.getDataType()) {
      case FLOAT64 -> DType.FLOAT64;
      case FLOAT32 -> DType.FLOAT32;
      case FLOAT16 -> DType.FLOAT16;
      case BFLOAT16 -> DType.BFLOAT16;
      case INT64 -> DType.INT64;
      case INT32 -> DType.INT32;
      case INT16 -> DType.INT16;
      case INT8 -> DType.INT8;
      case UINT8 -> DType.UINT8;
      case BOOLEAN -> DType.BOOL;
      default -> throw new IllegalArgumentException("no weight file holds " + array.getDataType());
    };
  }
}
