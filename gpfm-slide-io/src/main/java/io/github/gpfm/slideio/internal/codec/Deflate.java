package io.github.gpfm.slideio.internal.codec;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** zlib streams (TIFF compressions 8 and 32946), and deflated data without their frame (DICOM). */
public final class Deflate {
  private Deflate() {}

  /**
   * Damage can give as many bytes as are wanted: only the checksum behind them tells. Some writers
   * fill up the last strip, so that there may be more.
   */
  private static void requireSound(Inflater inflater, int length)
      throws CodecException, DataFormatException {
    byte[] beyond = new byte[4096];
    for (long more = 0; !inflater.finished(); ) {
      int count = inflater.inflate(beyond);
      more += count;
      if (count == 0 && !inflater.finished() || more > length) {
        throw new CodecException("the deflated data has no end");
      }
    }
  }

  /**
   * Inflates a zlib stream to a known length.
   *
   * @throws CodecException if the data is damaged or ends early
   */
  public static byte[] decode(byte[] data, int length) throws CodecException {
    return decode(data, length, new Inflater());
  }

  /**
   * Inflates deflated data without a zlib header and checksum to a known length.
   *
   * @throws CodecException if the data is damaged or ends early
   */
  public static byte[] decodeRaw(byte[] data, int length) throws CodecException {
    return decode(data, length, new Inflater(true));
  }

  private static byte[] decode(byte[] data, int length, Inflater inflater) throws CodecException {
    byte[] result = new byte[length];
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
      requireSound(inflater, length);
      return result;
    } catch (DataFormatException e) {
      throw new CodecException("the deflated data is invalid", e);
    } finally {
      inflater.end();
    }
  }
}
