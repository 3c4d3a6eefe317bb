package io.github.gpfm.encoder.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Data converted from one floating-point type to another while they are read. */
record CastData(TensorData source, DType from, DType to) implements TensorData {
  @Override
  public long size() {
    return source.size() / from.size() * to.size();
  }

  @Override
  public void read(long position, ByteBuffer target) throws IOException {
    int count = target.remaining() / to.size();
    ByteBuffer bytes =
        ByteBuffer.allocate(Math.multiplyExact(count, from.size())).order(ByteOrder.LITTLE_ENDIAN);
    source.read(position / to.size() * from.size(), bytes);
    ByteOrder order = target.order();
    target.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      Elements.putFloating(to, target, Elements.toDouble(from, bytes, i));
    }
    target.order(order);
  }
}
