package io.github.gpfm.slideio.internal.codec;

import java.util.Arrays;

/** PackBits (TIFF compression 32773 and the segments of DICOM's RLE). */
public final class RunLength {
  private RunLength() {}

  /**
   * Expands {@code data[from, to)} to a known length.
   *
   * @throws CodecException if the data ends early
   */
  public static byte[] decode(byte[] data, int from, int to, int length) throws CodecException {
    byte[] result = new byte[length];
    int filled = 0;
    int at = from;
    while (filled < length) {
      if (at >= to) {
        throw new CodecException("the run-length data ends after " + filled + " of " + length);
      }
      int control = data[at++];
      if (control >= 0) {
        int count = Math.min(control + 1, length - filled);
        if (at + count > to) {
          throw new CodecException("the run-length data ends after " + filled + " of " + length);
        }
        System.arraycopy(data, at, result, filled, count);
        at += control + 1;
        filled += count;
      } else if (control != -128) {
        if (at >= to) {
          throw new CodecException("the run-length data ends after " + filled + " of " + length);
        }
        int count = Math.min(1 - control, length - filled);
        Arrays.fill(result, filled, filled + count, data[at++]);
        filled += count;
      }
    }
    return result;
  }
}
