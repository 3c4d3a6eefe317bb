package io.github.gpfm.slideio.internal.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A stream that ends a decoder which reads and reads: sound data is read through some tens of times
 * at most, damaged data may send a decoder through the same bytes without end.
 */
final class BudgetedInput extends MemoryCacheImageInputStream {
  private static final int TIMES = 64;
  private static final int LEAST = 1 << 16;

  private long budget;

  BudgetedInput(byte[] data) {
    super(new ByteArrayInputStream(data));
    budget = (long) TIMES * data.length + LEAST;
  }

  @Override
  public int read() throws IOException {
    spend(1);
    return super.read();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    spend(Math.max(1, length));
    return super.read(target, offset, length);
  }

  private void spend(int count) throws IOException {
    budget -= count;
    if (budget < 0) {
      throw new IOException("the decoder reads the data over and over");
    }
  }
}
