package io.github.gpfm.slideio.internal.codec;

import java.nio.ByteBuffer;

/**
 * Walks the marker segments of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A) and refuses what
 * the decoding library would not survive: packed packet headers, at whose end it loops for ever,
 * and coding parameters outside the standard's ranges.
 */
final class Jpeg2000Markers {
  private static final int SOC = 0xff4f;
  private static final int COD = 0xff52;
  private static final int COC = 0xff53;
  private static final int PPM = 0xff60;
  private static final int PPT = 0xff61;
  private static final int SOT = 0xff90;
  private static final int SOD = 0xff93;
  private static final int EOC = 0xffd9;
  private static final int MAX_LAYERS = 1024;
  private static final int MAX_TILE_PARTS = 1 << 16;

  private final ByteBuffer stream;
  private final int end;
  private int position;

  private Jpeg2000Markers(byte[] stream, int start) {
    this.stream = ByteBuffer.wrap(stream);
    this.end = stream.length;
    this.position = start;
  }

  /**
   * Checks a codestream.
   *
   * @param start where its SOC marker stands
   * @throws CodecException if it is damaged or not to be decoded safely
   */
  static void check(byte[] stream, int start) throws CodecException {
    new Jpeg2000Markers(stream, start).run();
  }

  private void run() throws CodecException {
    if (marker() != SOC) {
      throw new CodecException("the JPEG 2000 data has no start marker");
    }
    position += 2;
    header(SOT);
    for (int part = 0; part < MAX_TILE_PARTS; part++) {
      int start = position;
      if (position + 12 > end || marker() != SOT) {
        return;
      }
      long length = stream.getInt(start + 6) & 0xffffffffL;
      position += 12;
      header(SOD);
      if (length == 0 || start + length > end - 2) {
        return;
      }
      if (start + length < position) {
        throw new CodecException("a JPEG 2000 tile-part is shorter than its header");
      }
      position = (int) (start + length);
      if (marker() == EOC) {
        return;
      }
    }
    throw new CodecException("the JPEG 2000 data has more than " + MAX_TILE_PARTS + " tile-parts");
  }

  /** Walks segments up to a marker, at which it stays. */
  private void header(int last) throws CodecException {
    while (true) {
      int marker = marker();
      if (marker == last) {
        return;
      }
      if (marker < 0xff01 || marker == EOC || marker == SOD || marker == SOT) {
        throw new CodecException("the JPEG 2000 header is damaged");
      }
      if (marker == PPM || marker == PPT) {
        throw new CodecException("JPEG 2000 data with packed packet headers is not supported");
      }
      if (position + 4 > end) {
        throw new CodecException("the JPEG 2000 header is cut off");
      }
      int length = stream.getShort(position + 2) & 0xffff;
      if (length < 2 || position + 2 + length > end) {
        throw new CodecException("the JPEG 2000 header is cut off");
      }
      if (marker == COD) {
        checkLayers(length);
        checkBlocks(position + 9, length - 7);
      } else if (marker == COC) {
        checkBlocks(position + 6, length - 4);
      }
      position += 2 + length;
    }
  }

  private void checkLayers(int length) throws CodecException {
    int layers = length < 8 ? 0 : stream.getShort(position + 6) & 0xffff;
    if (layers < 1 || layers > MAX_LAYERS) {
      throw new CodecException("the JPEG 2000 data has " + layers + " layers");
    }
  }

  /** Decomposition levels and the exponents, less two, of the code-block's edges. */
  private void checkBlocks(int at, int length) throws CodecException {
    if (length < 3) {
      throw new CodecException("the JPEG 2000 header is cut off");
    }
    int levels = stream.get(at) & 0xff;
    int width = (stream.get(at + 1) & 0xff) + 2;
    int height = (stream.get(at + 2) & 0xff) + 2;
    if (levels > 32 || width > 10 || height > 10 || width + height > 12) {
      throw new CodecException("the JPEG 2000 data has impossible code-blocks");
    }
  }

  private int marker() throws CodecException {
    if (position + 2 > end) {
      throw new CodecException("the JPEG 2000 data is cut off");
    }
    return stream.getShort(position) & 0xffff;
  }
}
