package io.github.gpfm.slideio.internal.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** zlib streams (TIFF compressions 8 and 32946). */
public final class Deflate {
  private Deflate() {}

  /**
   * Inflates to a known length.
   *
   * @throws CodecException if the data is damaged or ends early
   */
  public static byte[] decode(byte[] data, int length) throws CodecException {
    byte[] result = new byte[length];
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(data);
      int filled = 0;
      while (filled < length) {
        int count = inflater.inflate(result, filled, length - filled);
        filled += count;
        if (count == 0) {
          throw new CodecException("the deflated data ends after " + filled + " of " + length);
        }
      }
      return result;
    } catch (DataFormatException e) {
      throw new CodecException("the deflated data is invalid", e);
    } finally {
      inflater.end();
    }
  }
}
