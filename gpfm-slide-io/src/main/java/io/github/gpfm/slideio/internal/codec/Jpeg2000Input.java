package io.github.gpfm.slideio.internal.codec;

import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * A codestream as the decoding library reads it, made so that the library ends on damaged data.
 *
 * <p>The library takes the end of the data for ones without end, takes 0xFF 0xFF in a packet header
 * for ones without end as well, and may be sent through the same bytes over and over. It comes here
 * for each byte of a packet header and for the data of each code-block, so that ending those cases
 * here, and the whole when its processor time is spent, ends it everywhere: in the thread that
 * decodes, on every Java.
 */
final class Jpeg2000Input extends ImageInputStreamImpl {
  /** Thrown through the library, which catches exceptions but lets errors with a message pass. */
  static final class OutOfTime extends Error {
    private static final long serialVersionUID = 1L;

    private OutOfTime(long millis) {
      super("decoding takes more than " + millis + " ms", null, false, false);
    }
  }

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** How many single bytes pass between two looks at the clock. */
  private static final int BYTES_A_LOOK = 1024;

  private final byte[] data;
  private final long limitMillis;
  private final long wallStart = System.nanoTime();
  private final long processorStart = processorNanos();
  private int untilLook = BYTES_A_LOOK;
  private long stuffedAt = -1;

  /**
   * @param data the codestream
   * @param limitMillis processor time that the calling thread may spend
   */
  Jpeg2000Input(byte[] data, long limitMillis) {
    this.data = data;
    this.limitMillis = limitMillis;
  }

  @Override
  public long length() {
    return data.length;
  }

  /** A byte of a packet header: header fields are read by the methods below. */
  @Override
  public int read() throws IOException {
    int value = next();
    long position = streamPos - 1;
    if (value == 0xff && stuffedAt == position - 1) {
      throw new IOException("a packet header is damaged");
    }
    stuffedAt = value == 0xff ? position : -1;
    return value;
  }

  @Override
  public byte readByte() throws IOException {
    return (byte) next();
  }

  @Override
  public int readUnsignedByte() throws IOException {
    return next();
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    look();
    bitOffset = 0;
    if (length == 0) {
      return 0;
    }
    int count = (int) Math.min(length, data.length - streamPos);
    if (count <= 0) {
      return -1;
    }
    System.arraycopy(data, (int) streamPos, target, offset, count);
    streamPos += count;
    return count;
  }

  @Override
  public void seek(long position) throws IOException {
    if (position > data.length) {
      throw new EOFException("the JPEG 2000 data is cut off");
    }
    super.seek(position);
  }

  private int next() throws IOException {
    if (--untilLook == 0) {
      untilLook = BYTES_A_LOOK;
      look();
    }
    bitOffset = 0;
    if (streamPos >= data.length) {
      throw new EOFException("the JPEG 2000 data is cut off");
    }
    return data[(int) streamPos++] & 0xff;
  }

  /** The processor's clock is dear to read, and is never ahead of the one on the wall. */
  private void look() {
    long limit = limitMillis * 1_000_000;
    if (System.nanoTime() - wallStart > limit && processorNanos() - processorStart > limit) {
      throw new OutOfTime(limitMillis);
    }
  }

  private static long processorNanos() {
    return THREADS.isCurrentThreadCpuTimeSupported()
        ? THREADS.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
