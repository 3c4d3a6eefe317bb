package io.github.gpfm.parquet;

import java.io.IOException;

/**
 * Looks at the headers of encoded values before the library decodes them: it takes memory for as
 * many values as a header claims.
 */
final class RunLengths {
  /** Values are packed by eights, so the last run may hold up to this many too many. */
  private static final int PADDING = 7;

  private static final int LARGEST_BLOCK = 1 << 16;

  private final byte[] bytes;
  private final int end;
  private int at;

  private RunLengths(byte[] bytes, int from, int length) throws IOException {
    if (from < 0 || length < 0 || length > bytes.length - from) {
      throw new IOException("a page ends before its values");
    }
    this.bytes = bytes;
    this.at = from;
    this.end = from + length;
  }

  /**
   * Checks runs of equal and of packed values (Parquet's RLE / bit-packing hybrid).
   *
   * @param from where the first header is
   * @param length of the runs, in bytes
   * @param width bits of a value
   * @param values how many the page has
   * @throws IOException if they claim more
   */
  static void checkRuns(byte[] bytes, int from, int length, int width, int values)
      throws IOException {
    if (width < 0 || width > Integer.SIZE) {
      throw new IOException("a page has values of %d bits".formatted(width));
    }
    RunLengths runs = new RunLengths(bytes, from, length);
    long count = 0;
    while (count < values && runs.at < runs.end) {
      long header = runs.number();
      boolean packed = (header & 1) == 1;
      long run = (header >>> 1) * (packed ? Byte.SIZE : 1);
      if (run == 0 || run > values - count + PADDING) {
        throw claims(run, values);
      }
      count += run;
      long size = packed ? (header >>> 1) * width : (width + 7) / 8;
      runs.at += (int) Math.min(size, runs.end - runs.at);
    }
  }

  /**
   * Checks the header of values stored as differences.
   *
   * @param from where it is
   * @param values how many the page has
   * @throws IOException if it claims more
   */
  static void checkDifferences(byte[] bytes, int from, int values) throws IOException {
    RunLengths header = new RunLengths(bytes, from, bytes.length - from);
    long block = header.number();
    long parts = header.number();
    long count = header.number();
    if (block < 1 || block > LARGEST_BLOCK || parts < 1 || parts > block || count > values) {
      throw claims(count, values);
    }
  }

  private static IOException claims(long claimed, int values) {
    return new IOException(
        "a page of %d values has a run of %d or a damaged header".formatted(values, claimed));
  }

  /** An unsigned number, seven bits a byte, least first. */
  private long number() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Integer.SIZE; shift += 7) {
      if (at >= end) {
        throw new IOException("a page ends before its values");
      }
      byte next = bytes[at++];
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a page has a number of too many bytes");
  }
}
