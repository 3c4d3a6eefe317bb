package io.github.gpfm.slideio.internal.codec;

import java.nio.ByteBuffer;
import java.util.BitSet;

/**
 * Walks the marker segments of a JPEG 2000 codestream (ISO/IEC 15444-1, annex A) and refuses what
 * the decoding library would not survive: cut-off data, packed packet headers, coding parameters
 * outside the standard's ranges, and a partition into more tiles, packets or code-blocks than the
 * data can hold.
 */
final class Jpeg2000Markers {
  private static final int SOC = 0xff4f;
  private static final int COD = 0xff52;
  private static final int COC = 0xff53;
  private static final int POC = 0xff5f;
  private static final int PPM = 0xff60;
  private static final int PPT = 0xff61;
  private static final int SOT = 0xff90;
  private static final int SOD = 0xff93;
  private static final int EOC = 0xffd9;
  private static final int TILE_PART_HEADER = 12;

  /** Progression changes a header; the standard allows more, no writer makes them. */
  private static final int MAX_PROGRESSIONS = 64;

  private final ByteBuffer stream;
  private final int end;
  private final Jpeg2000Size size;
  private final Jpeg2000Partition partition;
  private int position;

  private Jpeg2000Markers(byte[] stream, Jpeg2000Size size) {
    this.stream = ByteBuffer.wrap(stream);
    this.end = stream.length;
    this.size = size;
    this.partition = new Jpeg2000Partition(size, stream.length);
  }

  /**
   * Checks a codestream.
   *
   * @param stream from its SOC marker on
   * @param size as its SIZ marker states
   * @throws CodecException if it is damaged or not to be decoded safely
   */
  static void check(byte[] stream, Jpeg2000Size size) throws CodecException {
    new Jpeg2000Markers(stream, size).run();
  }

  private void run() throws CodecException {
    if (marker() != SOC) {
      throw new CodecException("the JPEG 2000 data has no start marker");
    }
    position += 2;
    header(SOT);
    BitSet tiles = new BitSet(size.tiles());
    while (position + 2 <= end && marker() != EOC) {
      if (position + TILE_PART_HEADER > end) {
        throw new CodecException("the JPEG 2000 data is cut off");
      }
      tilePart(tiles);
    }
    if (tiles.cardinality() < size.tiles()) {
      throw new CodecException(
          "the JPEG 2000 data has " + tiles.cardinality() + " of its " + size.tiles() + " tiles");
    }
  }

  private void tilePart(BitSet tiles) throws CodecException {
    int start = position;
    if (marker() != SOT) {
      throw new CodecException("the JPEG 2000 data has no tile where one should start");
    }
    int tile = stream.getShort(start + 4) & 0xffff;
    if (tile >= size.tiles()) {
      throw new CodecException("the JPEG 2000 data has a tile " + tile + " too many");
    }
    tiles.set(tile);
    long length = stream.getInt(start + 6) & 0xffffffffL;
    position += TILE_PART_HEADER;
    header(SOD);
    // A length of 0 in the last tile-part means: up to the end.
    long next = length == 0 ? end : start + length;
    if (next < position + 2 || next > end) {
      throw new CodecException("a JPEG 2000 tile-part is cut off");
    }
    position = (int) next;
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
        coding(position + 4, 5, length - 2);
      } else if (marker == COC) {
        // The components' indices have one byte where there are fewer than 257.
        coding(position + 5, 1, length - 3);
      } else if (marker == POC && length > 2 + 7 * MAX_PROGRESSIONS) {
        throw new CodecException("the JPEG 2000 data changes its progression too often");
      }
      position += 2 + length;
    }
  }

  /**
   * Coding style: its flags, for COD progression, layers and transform, then levels, code-block
   * exponents less two, style, wavelet, and with the first flag the precincts' exponents.
   */
  private void coding(int at, int toLevels, int length) throws CodecException {
    if (length < toLevels + 5) {
      throw new CodecException("the JPEG 2000 header is cut off");
    }
    if (toLevels > 1) {
      partition.layers(stream.getShort(at + 2) & 0xffff);
    }
    int levels = at + toLevels;
    byte[] precincts = {};
    if ((stream.get(at) & 1) != 0) {
      precincts = new byte[length - toLevels - 5];
      stream.get(levels + 5, precincts);
    }
    partition.component(
        stream.get(levels) & 0xff,
        (stream.get(levels + 1) & 0xff) + 2,
        (stream.get(levels + 2) & 0xff) + 2,
        precincts);
  }

  private int marker() throws CodecException {
    if (position + 2 > end) {
      throw new CodecException("the JPEG 2000 data is cut off");
    }
    return stream.getShort(position) & 0xffff;
  }
}
