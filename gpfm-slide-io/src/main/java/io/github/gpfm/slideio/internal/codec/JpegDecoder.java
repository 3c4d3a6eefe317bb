package io.github.gpfm.slideio.internal.codec;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Checks JPEG streams and makes them complete.
 *
 * <p>What is decoded is put together from the segments that matter, so that no application marker
 * can mislead a decoder: the caller, not a guess from markers, decides the color space.
 */
public final class JpegDecoder {
  /** A tile larger than this is refused (134 MB as ARGB). */
  public static final int MAX_PIXELS = 1 << 25;

  private static final int MAX_SCANS = 64;

  private JpegDecoder() {}

  /**
   * Checks a stream; decoding it is up to the picture that is returned.
   *
   * @param stream from SOI on; may lack tables
   * @param tables an abbreviated stream with the tables it lacks, or {@code null}
   * @throws CodecException if its header is damaged, tables are missing, or it is of a kind that is
   *     not read
   */
  public static JpegPicture open(byte[] stream, byte @Nullable [] tables) throws CodecException {
    JpegHeader header = JpegHeader.parse(stream);
    requireSane(header, stream);
    List<byte[]> otherTables = tables == null ? List.of() : JpegHeader.parse(tables).tables();
    header.requireTables(stream, otherTables);
    ByteArrayOutputStream out = header.start(otherTables, header.frame(), stream.length + 1024);
    out.write(stream, header.dataStart(), stream.length - header.dataStart());
    // Whole data whose end marker is missing is no damage: what lacks is pixels, not the marker.
    out.write(0xff);
    out.write(JpegHeader.EOI);
    return new JpegPicture(header, out.toByteArray(), header.width(), header.height());
  }

  /**
   * Decodes a stream.
   *
   * @param stream from SOI on; may lack tables
   * @param tables an abbreviated stream with the tables it lacks, or {@code null}
   * @return samples as coded (YCbCr or RGB), chroma interpolated to full size
   * @throws CodecException if it is damaged or of a kind that is not read
   */
  public static DecodedImage decode(byte[] stream, byte @Nullable [] tables) throws CodecException {
    return open(stream, tables).samples();
  }

  /** Refuses sizes and kinds that are not read, before anything is allocated. */
  public static void requireSane(JpegHeader header, byte[] stream) throws CodecException {
    if (header.frame().length == 0 || header.dataStart() >= stream.length) {
      throw new CodecException("the JPEG has no image data");
    }
    if (header.components() != 1 && header.components() != 3) {
      throw new CodecException("the JPEG has " + header.components() + " components, not 1 or 3");
    }
    long pixels = (long) header.width() * header.height();
    if (pixels < 1 || pixels > MAX_PIXELS) {
      throw new CodecException(
          "the JPEG has the impossible size " + header.width() + " x " + header.height());
    }
    // A block of 64 samples takes at least two bits a component.
    if (pixels / 256 > stream.length * 4L) {
      throw new CodecException("the JPEG is too short for its size");
    }
    if (scans(stream, header.dataStart()) > MAX_SCANS) {
      throw new CodecException("the JPEG has more than " + MAX_SCANS + " scans");
    }
  }

  private static int scans(byte[] stream, int from) {
    int scans = 0;
    for (int at = from; at + 1 < stream.length; at++) {
      if ((stream[at] & 0xff) == 0xff && (stream[at + 1] & 0xff) == 0xda) {
        scans++;
      }
    }
    return scans;
  }
}
