package io.github.gpfm.slideio.internal.codec;

import io.airlift.compress.zstd.ZstdDecompressor;

/** Zstandard frames (TIFF compression 50000). */
public final class Zstd {
  private Zstd() {}

  /**
   * Decompresses to a known length.
   *
   * @throws CodecException if the data is damaged, ends early or is longer
   */
  public static byte[] decode(byte[] data, int length) throws CodecException {
    byte[] result = new byte[length];
    int filled;
    try {
      filled = new ZstdDecompressor().decompress(data, 0, data.length, result, 0, length);
    } catch (RuntimeException e) {
      throw new CodecException("the Zstandard data is invalid (" + e.getMessage() + ")", e);
    }
    if (filled < length) {
      throw new CodecException("the Zstandard data ends after " + filled + " of " + length);
    }
    return result;
  }
}
