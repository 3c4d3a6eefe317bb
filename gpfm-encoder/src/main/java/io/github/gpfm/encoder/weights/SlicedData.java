package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A stretch of other data. */
record SlicedData(TensorData whole, long offset, long size) implements TensorData {
  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    if (position < 0 || position + target.remaining() > size) {
      throw new IndexOutOfBoundsException(position + " + " + target.remaining() + " of " + size);
    }
    whole.read(offset + position, target);
  }
}
