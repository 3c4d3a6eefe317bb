package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A view of a storage by offset, shape and strides (in elements). Read straight through where the
 * view is contiguous; otherwise gathered once and kept while memory allows.
 */
final class StridedData implements TensorData {
  private final TensorData storage;
  private final int elementSize;
  private final long offset;
  private final List<Long> shape;
  private final List<Long> strides;
  private final long size;
  private final boolean contiguous;
  private SoftReference<byte[]> gathered = new SoftReference<>(null);

  StridedData(
      TensorData storage, int elementSize, long offset, List<Long> shape, List<Long> strides) {
    this.storage = storage;
    this.elementSize = elementSize;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    long count = 1;
    boolean dense = true;
    for (int i = shape.size() - 1; i >= 0; i--) {
      dense &= shape.get(i) == 1 || strides.get(i) == count;
      count *= shape.get(i);
    }
    this.size = count * elementSize;
    this.contiguous = dense || count == 0;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    if (contiguous) {
      storage.read(offset * elementSize + position, target);
    } else {
      target.put(gather(), Math.toIntExact(position), target.remaining());
    }
  }

  private synchronized byte[] gather() throws IOException {
    byte[] bytes = gathered.get();
    if (bytes == null) {
      if (size > Integer.MAX_VALUE - 8 || storage.size() > Integer.MAX_VALUE - 8) {
        throw new IOException("a strided tensor of more than 2 GB must be saved contiguous");
      }
      byte[] source = new byte[(int) storage.size()];
      storage.read(0, ByteBuffer.wrap(source));
      bytes = new byte[(int) size];
      long[] index = new long[shape.size()];
      for (int to = 0; to < bytes.length; to += elementSize) {
        long from = offset;
        for (int axis = 0; axis < index.length; axis++) {
          from += index[axis] * strides.get(axis);
        }
        System.arraycopy(source, (int) from * elementSize, bytes, to, elementSize);
        for (int axis = index.length - 1; axis >= 0 && ++index[axis] == shape.get(axis); axis--) {
          index[axis] = 0;
        }
      }
      gathered = new SoftReference<>(bytes);
    }
    return bytes;
  }
}
