package io.github.gpfm.slideio.internal.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The marker segments in front of a JPEG's entropy-coded data.
 *
 * @param tables DQT, DHT and DRI segments in order, complete with marker
 * @param frame the SOF segment, complete with marker; empty for a stream of tables only
 * @param dataStart where the SOS marker stands; the length of the stream for tables only
 * @param components component count of the frame
 * @param width pixels per line of the frame
 * @param height lines of the frame
 * @param restartInterval MCUs between restart markers, 0 for none
 * @param adobeTransform the Adobe marker's transform, -1 when there is none
 * @param jfif whether a JFIF header stands in front
 */
public record JpegHeader(
    List<byte[]> tables,
    byte[] frame,
    int dataStart,
    int components,
    int width,
    int height,
    int restartInterval,
    int adobeTransform,
    boolean jfif) {

  private static final int SOI = 0xd8;
  static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;
  private static final int DRI = 0xdd;
  private static final int DHT = 0xc4;
  private static final int APP0 = 0xe0;
  private static final int APP14 = 0xee;

  /**
   * Parses the segments up to the first SOS or EOI marker.
   *
   * @throws CodecException if there is no sound header
   */
  public static JpegHeader parse(byte[] stream) throws CodecException {
    List<byte[]> tables = new ArrayList<>();
    byte[] frame = {};
    int components = 0;
    int width = 0;
    int height = 0;
    int restart = 0;
    int adobe = -1;
    boolean jfif = false;
    int at = 0;
    while (true) {
      int marker = marker(stream, at);
      at = skipFill(stream, at) + 2;
      if (marker == SOI || (marker >= 0xd0 && marker <= 0xd7)) {
        continue;
      }
      if (marker == SOS || marker == EOI) {
        return new JpegHeader(
            tables,
            frame,
            marker == SOS ? at - 2 : stream.length,
            components,
            width,
            height,
            restart,
            adobe,
            jfif);
      }
      int length = unsigned16(stream, at);
      if (length < 2 || at + length > stream.length) {
        throw new CodecException("a JPEG marker segment is cut off");
      }
      byte[] segment = segment(marker, stream, at, length);
      if (marker == DQT || marker == DHT) {
        tables.add(segment);
      } else if (marker == DRI && length >= 4) {
        tables.add(segment);
        restart = unsigned16(stream, at + 2);
      } else if (isFrame(marker)) {
        if (frame.length > 0 || length < 8) {
          throw new CodecException("the JPEG has an invalid frame header");
        }
        requireReadable(marker, stream[at + 2]);
        frame = segment;
        height = unsigned16(stream, at + 3);
        width = unsigned16(stream, at + 5);
        components = stream[at + 7] & 0xff;
        if (length < 8 + 3 * components) {
          throw new CodecException("the JPEG has an invalid frame header");
        }
      } else if (marker == APP14
          && length >= 14
          && stream[at + 2] == 'A'
          && stream[at + 3] == 'd') {
        adobe = stream[at + 13] & 0xff;
      } else if (marker == APP0
          && length >= 14
          && stream[at + 2] == 'J'
          && stream[at + 3] == 'F'
          && stream[at + 4] == 'I'
          && stream[at + 5] == 'F') {
        jfif = true;
      }
      at += length;
    }
  }

  /**
   * Whether the data says of itself that its three components are YCbCr: by Adobe's marker, a JFIF
   * header, components named R, G and B, or subsampled chroma; empty if it says nothing.
   */
  public Optional<Boolean> yCbCr() {
    if (components != 3) {
      return Optional.of(false);
    }
    if (adobeTransform >= 0) {
      return Optional.of(adobeTransform != 0);
    }
    boolean subsampled = sampling(1) != sampling(0) || sampling(2) != sampling(0);
    if (jfif || subsampled) {
      return Optional.of(true);
    }
    boolean named = componentId(0) == 'R' && componentId(1) == 'G' && componentId(2) == 'B';
    return named ? Optional.of(false) : Optional.empty();
  }

  /**
   * Refuses a stream whose frame or first scan uses tables that neither it nor {@code others} has:
   * decoders would put the standard's example tables in their place.
   *
   * @param stream what this header was parsed from
   * @param others tables of an abbreviated stream
   */
  void requireTables(byte[] stream, List<byte[]> others) throws CodecException {
    boolean[] quantisation = new boolean[16];
    boolean[] huffman = new boolean[32];
    for (List<byte[]> each : List.of(others, tables)) {
      for (byte[] segment : each) {
        note(segment, quantisation, huffman);
      }
    }
    for (int component = 0; component < components; component++) {
      if (!quantisation[frame[12 + 3 * component] & 15]) {
        throw new CodecException("the JPEG lacks a quantization table");
      }
    }
    // Of a progressive stream each scan brings its own.
    int scan = dataStart + 4;
    int count = scan < stream.length ? stream[scan] & 0xff : 0;
    for (int i = 0; i < count && !progressive(); i++) {
      int at = scan + 2 + 2 * i;
      if (at >= stream.length) {
        throw new CodecException("the JPEG header is cut off");
      }
      if (!huffman[stream[at] >> 4 & 15] || !huffman[16 + (stream[at] & 15)]) {
        throw new CodecException("the JPEG lacks a Huffman table");
      }
    }
  }

  /** Marks the tables that a segment defines; AC tables stand behind the DC tables. */
  private static void note(byte[] segment, boolean[] quantisation, boolean[] huffman) {
    int at = 4;
    if ((segment[1] & 0xff) == DQT) {
      while (at < segment.length) {
        quantisation[segment[at] & 15] = true;
        at += 1 + ((segment[at] & 0xf0) == 0 ? 64 : 128);
      }
    } else if ((segment[1] & 0xff) == DHT) {
      while (at + 16 < segment.length) {
        huffman[(segment[at] & 0x10) + (segment[at] & 15)] = true;
        int symbols = 0;
        for (int i = 1; i <= 16; i++) {
          symbols += segment[at + i] & 0xff;
        }
        at += 17 + symbols;
      }
    }
  }

  /** Horizontal (high half-byte) and vertical (low half-byte) sampling factor of a component. */
  public int sampling(int component) {
    return frame[11 + 3 * component] & 0xff;
  }

  /** Identifier of a component. */
  public int componentId(int component) {
    return frame[10 + 3 * component] & 0xff;
  }

  /** Width of an MCU in pixels. */
  public int mcuWidth() {
    return 8 * maximalFactor(4);
  }

  /** Height of an MCU in pixels. */
  public int mcuHeight() {
    return 8 * maximalFactor(0);
  }

  /** Whether the frame is progressive. */
  public boolean progressive() {
    return frame.length > 1 && (frame[1] & 0xff) == 0xc2;
  }

  /** The frame segment with another size. */
  public byte[] frameOfSize(int newWidth, int newHeight) {
    byte[] resized = frame.clone();
    resized[5] = (byte) (newHeight >> 8);
    resized[6] = (byte) newHeight;
    resized[7] = (byte) (newWidth >> 8);
    resized[8] = (byte) newWidth;
    return resized;
  }

  /** A stream of SOI, other tables, these tables and a frame; scan data is to follow. */
  public ByteArrayOutputStream start(List<byte[]> otherTables, byte[] frameSegment, int capacity) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(capacity);
    out.write(0xff);
    out.write(SOI);
    otherTables.forEach(out::writeBytes);
    tables.forEach(out::writeBytes);
    out.writeBytes(frameSegment);
    return out;
  }

  private int maximalFactor(int shift) {
    int maximum = 1;
    for (int i = 0; i < components; i++) {
      maximum = Math.max(maximum, sampling(i) >> shift & 15);
    }
    return maximum;
  }

  private static boolean isFrame(int marker) {
    return marker >= 0xc0 && marker <= 0xcf && marker != DHT && marker != 0xc8 && marker != 0xcc;
  }

  private static void requireReadable(int marker, int precision) throws CodecException {
    if (marker > 0xc2) {
      throw new CodecException(
          "the JPEG is neither baseline nor progressive (SOF" + (marker - 0xc0) + ")");
    }
    if (precision != 8) {
      throw new CodecException("the JPEG has " + precision + " bits a sample, not 8");
    }
  }

  private static int skipFill(byte[] stream, int from) {
    int at = from;
    while (at + 2 < stream.length && (stream[at + 1] & 0xff) == 0xff) {
      at++;
    }
    return at;
  }

  private static int marker(byte[] stream, int from) throws CodecException {
    int at = skipFill(stream, from);
    if (at + 1 >= stream.length || (stream[at] & 0xff) != 0xff) {
      throw new CodecException("the JPEG header is damaged");
    }
    return stream[at + 1] & 0xff;
  }

  private static int unsigned16(byte[] stream, int at) throws CodecException {
    if (at + 1 >= stream.length) {
      throw new CodecException("the JPEG header is cut off");
    }
    return (stream[at] & 0xff) << 8 | stream[at + 1] & 0xff;
  }

  private static byte[] segment(int marker, byte[] stream, int at, int length) {
    byte[] segment = new byte[length + 2];
    segment[0] = (byte) 0xff;
    segment[1] = (byte) marker;
    System.arraycopy(stream, at, segment, 2, length);
    return segment;
  }
}
