package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.DecodedImage;
import io.github.gpfm.slideio.internal.codec.Deflate;
import io.github.gpfm.slideio.internal.codec.Jpeg2000Decoder;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.codec.JpegHeader;
import io.github.gpfm.slideio.internal.codec.JpegPicture;
import io.github.gpfm.slideio.internal.codec.RunLength;
import io.github.gpfm.slideio.internal.codec.YCbCr;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;

/** The bytes of a frame to premultiplied ARGB. */
final class DicomFrameDecoder {
  /** How frames are coded. */
  private enum Coding {
    PLAIN,
    RUN_LENGTH,
    DEFLATED,
    JPEG,
    JPEG_2000
  }

  private final int columns;
  private final int rows;
  private final Coding coding;
  private final String photometric;
  private final int samples;
  private final int bytesPerSample;
  private final int shift;
  private final boolean planar;

  DicomFrameDecoder(DicomDataset dataset, int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
    SlideFile file = dataset.file();
    String syntax = dataset.text(DicomTag.TRANSFER_SYNTAX_UID).orElse("");
    coding =
        switch (syntax) {
          case TransferSyntax.IMPLICIT, "1.2.840.10008.1.2.1", TransferSyntax.DEFLATED ->
              Coding.PLAIN;
          case TransferSyntax.DEFLATED_FRAMES -> Coding.DEFLATED;
          case "1.2.840.10008.1.2.5" -> Coding.RUN_LENGTH;
          case "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51" -> Coding.JPEG;
          case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91" -> Coding.JPEG_2000;
          default -> throw file.unsupported(TransferSyntax.refusal(syntax));
        };
    photometric = dataset.text(DicomTag.PHOTOMETRIC).orElse("RGB");
    samples = (int) dataset.integer(DicomTag.SAMPLES_PER_PIXEL).orElse(1);
    int allocated = (int) dataset.integer(DicomTag.BITS_ALLOCATED).orElse(8);
    int stored = (int) dataset.integer(DicomTag.BITS_STORED).orElse(allocated);
    boolean known =
        (samples == 1 || samples == 3)
            && (allocated == 8 || (allocated == 16 && samples == 1))
            && stored >= 8
            && stored <= allocated;
    if (!known) {
      throw file.unsupported(
          "its pixels have " + samples + " samples of " + stored + " bits in " + allocated);
    }
    boolean wide = allocated == 16 && (coding == Coding.JPEG || coding == Coding.JPEG_2000);
    if (wide || !known(photometric)) {
      throw file.unsupported("its pixels are " + photometric + " of " + allocated + " bits");
    }
    bytesPerSample = allocated / 8;
    shift = stored - 8;
    planar = dataset.integer(DicomTag.PLANAR_CONFIGURATION).orElse(0) == 1;
  }

  /** A JPEG tells its own colours; of other codings, subsampled and foreign ones are not read. */
  private boolean known(String colors) {
    if (samples == 1) {
      return !colors.startsWith("PALETTE");
    }
    return switch (coding) {
      case JPEG -> true;
      case JPEG_2000 -> Set.of("RGB", "YBR_FULL", "YBR_RCT", "YBR_ICT").contains(colors);
      case PLAIN, RUN_LENGTH, DEFLATED -> Set.of("RGB", "YBR_FULL").contains(colors);
    };
  }

  boolean compressed() {
    return coding != Coding.PLAIN;
  }

  long plainFrameBytes() {
    return (long) columns * rows * samples * bytesPerSample;
  }

  /**
   * Decodes a frame.
   *
   * @param argb rows x columns, written
   */
  void decode(byte[] frame, int[] argb) throws CodecException {
    switch (coding) {
      case PLAIN -> plain(frame, planar, argb);
      case RUN_LENGTH -> plain(runLength(frame), true, argb);
      case DEFLATED -> plain(inflated(frame), planar, argb);
      case JPEG -> jpeg(JpegDecoder.open(frame, null), argb);
      case JPEG_2000 -> jpeg2000(frame, argb);
    }
  }

  /**
   * Whether a JPEG holds YCbCr: what the data says (Adobe's marker, a JFIF header, component names,
   * subsampled chroma) before what the attribute says, which some writers leave at RGB.
   */
  private boolean yCbCrJpeg(JpegHeader header) {
    return header.yCbCr().orElse(photometric.startsWith("YBR"));
  }

  /** A codestream that was coded without the component transform may hold YCbCr as it is. */
  private boolean yCbCrJpeg2000(byte[] frame) throws CodecException {
    return photometric.equals("YBR_FULL") && !Jpeg2000Decoder.transformsComponents(frame);
  }

  /**
   * Whether a frame is of other colours than its attribute says, so that a reader that follows the
   * attribute gets them wrong.
   */
  boolean mislabelled(byte[] frame) {
    try {
      return switch (coding) {
        case PLAIN, RUN_LENGTH, DEFLATED -> false;
        case JPEG ->
            samples == 3 && yCbCrJpeg(JpegHeader.parse(frame)) != photometric.startsWith("YBR");
        case JPEG_2000 -> samples == 3 && yCbCrJpeg2000(frame);
      };
    } catch (CodecException e) {
      return false;
    }
  }

  private void jpeg2000(byte[] frame, int[] argb) throws CodecException {
    DecodedImage image = Jpeg2000Decoder.decode(frame, columns, rows);
    requireSize(image.width(), image.height());
    image.argb(yCbCrJpeg2000(frame), argb, columns, rows);
    finish(image.bands(), argb);
  }

  private void jpeg(JpegPicture picture, int[] argb) throws CodecException {
    requireSize(picture.width(), picture.height());
    picture.argb(yCbCrJpeg(picture.header()), argb, columns, rows);
    finish(picture.header().components(), argb);
  }

  private void requireSize(int width, int height) throws CodecException {
    if (width != columns || height != rows) {
      throw new CodecException("its picture has " + width + " x " + height + " pixels");
    }
  }

  /** Turns a grey picture, decoded as it is, around where 0 is white. */
  private void finish(int bands, int[] argb) {
    if (bands == 1 && photometric.equals("MONOCHROME1")) {
      for (int i = 0; i < argb.length; i++) {
        argb[i] ^= 0xffffff;
      }
    }
  }

  private void plain(byte[] bytes, boolean planes, int[] argb) throws CodecException {
    if (bytes.length < plainFrameBytes()) {
      throw new CodecException("it has " + bytes.length + " bytes, not " + plainFrameBytes());
    }
    int count = columns * rows;
    int next = planes ? 1 : samples;
    int band = planes ? count : 1;
    for (int i = 0; i < count; i++) {
      if (samples == 1) {
        int value =
            bytesPerSample == 1
                ? bytes[i] & 0xff
                : (bytes[2 * i] & 0xff | (bytes[2 * i + 1] & 0xff) << 8) >> shift & 255;
        argb[i] = grey(value);
      } else {
        int at = i * next;
        argb[i] =
            photometric.equals("YBR_FULL")
                ? YCbCr.toArgb(
                    bytes[at] & 0xff, bytes[at + band] & 0xff, bytes[at + 2 * band] & 0xff)
                : rgb(bytes[at], bytes[at + band], bytes[at + 2 * band]);
      }
    }
  }

  private byte[] inflated(byte[] frame) throws CodecException {
    long length = plainFrameBytes();
    // Deflation makes at most 1:1032.
    if (length / 1100 > frame.length) {
      throw new CodecException("it is too short for its size");
    }
    return Deflate.decodeRaw(frame, Math.toIntExact(length));
  }

  private byte[] runLength(byte[] frame) throws CodecException {
    int planes = samples * bytesPerSample;
    if (frame.length < 64) {
      throw new CodecException("its run-length header is cut off");
    }
    ByteBuffer header = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != planes) {
      throw new CodecException("it has " + header.getInt(0) + " run-length segments");
    }
    int count = columns * rows;
    if (count / 64 > frame.length) {
      throw new CodecException("it is too short for its size");
    }
    byte[] result = new byte[count * planes];
    for (int plane = 0; plane < planes; plane++) {
      int from = header.getInt(4 + 4 * plane);
      int to = plane + 1 < planes ? header.getInt(8 + 4 * plane) : frame.length;
      if (from < 64 || to < from || to > frame.length) {
        throw new CodecException("its run-length segments are out of order");
      }
      byte[] bytes = RunLength.decode(frame, from, to, count);
      if (bytesPerSample == 1) {
        System.arraycopy(bytes, 0, result, plane * count, count);
      } else {
        // Segments run from the most significant byte down.
        for (int i = 0; i < count; i++) {
          result[2 * i + 1 - plane] = bytes[i];
        }
      }
    }
    return result;
  }

  private int grey(int value) {
    int level = photometric.equals("MONOCHROME1") ? 255 - value : value;
    return 0xff000000 | level * 0x010101;
  }

  private static int rgb(byte red, byte green, byte blue) {
    return 0xff000000 | (red & 0xff) << 16 | (green & 0xff) << 8 | blue & 0xff;
  }
}
