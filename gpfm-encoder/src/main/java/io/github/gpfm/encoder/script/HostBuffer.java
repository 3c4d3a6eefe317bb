package io.github.gpfm.encoder.script;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * Native memory for one input of a network, used again for every batch. The engine takes a new
 * piece for every array made of Java values, and it is free only when the garbage collector comes
 * by: with a large heap that is gigabytes later. Not for several threads at once.
 */
public final class HostBuffer {
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);

  /**
   * An array of the values. On the CPU it lies in this buffer: close it before the next call.
   *
   * @param shape as many values as there are
   */
  public NDArray create(NDManager manager, float[] values, Shape shape) {
    floats(values.length).put(values);
    return create(manager, shape);
  }

  /**
   * Room to be filled before {@link #create(NDManager, Shape)}.
   *
   * @param count number of values
   */
  public FloatBuffer floats(int count) {
    int size = Math.multiplyExact(count, Float.BYTES);
    if (bytes.capacity() < size) {
      bytes = ByteBuffer.allocateDirect(size);
    }
    return bytes.clear().limit(size).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  /** An array of what was filled in; as {@link #create(NDManager, float[], Shape)}. */
  public NDArray create(NDManager manager, Shape shape) {
    return manager.create(bytes, shape, DataType.FLOAT32);
  }
}
