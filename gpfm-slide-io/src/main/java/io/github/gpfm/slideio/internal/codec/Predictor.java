package io.github.gpfm.slideio.internal.codec;

import java.nio.ByteOrder;

/** Undoes TIFF's horizontal differencing (predictor 2). */
public final class Predictor {
  private Predictor() {}

  /**
   * Adds up each row's differences in place.
   *
   * @param rowBytes bytes of a row
   * @param samples interleaved samples a pixel
   * @param bits 8 or 16
   */
  public static void undo(byte[] bytes, int rowBytes, int samples, int bits, ByteOrder order) {
    for (int row = 0; row + rowBytes <= bytes.length; row += rowBytes) {
      if (bits == 8) {
        for (int i = row + samples; i < row + rowBytes; i++) {
          bytes[i] += bytes[i - samples];
        }
      } else {
        int low = order == ByteOrder.LITTLE_ENDIAN ? 0 : 1;
        for (int i = row + 2 * samples; i + 1 < row + rowBytes; i += 2) {
          int before = i - 2 * samples;
          int sum = value(bytes, i, low) + value(bytes, before, low);
          bytes[i + low] = (byte) sum;
          bytes[i + 1 - low] = (byte) (sum >> 8);
        }
      }
    }
  }

  private static int value(byte[] bytes, int at, int low) {
    return bytes[at + low] & 0xff | (bytes[at + 1 - low] & 0xff) << 8;
  }
}
