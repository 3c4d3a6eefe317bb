package io.github.gpfm.slideio.internal.codec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * JPEG 2000 codestreams and JP2 files through jai-imageio-jpeg2000. The codestream's markers are
 * looked at first, so that the library never allocates for a picture that was not expected, and
 * read through a stream that ends it on damaged data; the library's own reader of JP2 boxes is not
 * used. A palette or colour space stated in those boxes is not applied.
 */
public final class Jpeg2000Decoder {
  private static final long LEAST_MILLIS = 1200;
  private static final long PIXELS_A_MILLISECOND = 200;
  private static final int CODING_STYLE = 0xff52;
  private static final int START_OF_TILE = 0xff90;
  private static final int CODESTREAM = 0xff4fff51;
  private static final int SIGNATURE_BOX = 0x6a502020;
  private static final int CODESTREAM_BOX = 0x6a703263;

  private Jpeg2000Decoder() {}

  /** Whether the first bytes are those of a codestream or a JP2 file. */
  public static boolean recognises(byte[] head) {
    if (head.length < 12) {
      return false;
    }
    ByteBuffer buffer = ByteBuffer.wrap(head);
    return buffer.getInt(0) == CODESTREAM
        || (buffer.getInt(0) == 12 && buffer.getInt(4) == SIGNATURE_BOX);
  }

  /**
   * Decodes a stream of any size up to {@link JpegDecoder#MAX_PIXELS}.
   *
   * @return samples as coded after the codestream's own component transform
   * @throws CodecException if it is damaged, larger or of a kind that is not read
   */
  public static DecodedImage decode(byte[] stream) throws CodecException {
    return decode(stream, Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  /**
   * Decodes a stream of at most the given size.
   *
   * @return samples as coded after the codestream's own component transform
   * @throws CodecException if it is damaged, larger or of a kind that is not read
   */
  public static DecodedImage decode(byte[] stream, int maxWidth, int maxHeight)
      throws CodecException {
    byte[] codestream = codestream(stream);
    Jpeg2000Size size = Jpeg2000Size.parse(codestream);
    if (size.width() > maxWidth || size.height() > maxHeight) {
      throw new CodecException(
          "the JPEG 2000 data states " + size.width() + " x " + size.height() + " pixels");
    }
    Jpeg2000Markers.check(codestream, size);
    long limit = LEAST_MILLIS + (long) size.width() * size.height() / PIXELS_A_MILLISECOND;
    return decode(codestream, size, limit);
  }

  private static DecodedImage decode(byte[] codestream, Jpeg2000Size size, long limitMillis)
      throws CodecException {
    try (Jpeg2000Input input = new Jpeg2000Input(codestream, limitMillis)) {
      return Jpeg2000Library.decode(input, size);
    } catch (LinkageError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // The library signals damage in many ways: a bare Error and a ThreadDeath are among them.
      throw new CodecException("the JPEG 2000 data cannot be decoded (" + reason(e) + ")", e);
    }
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null && !(cause instanceof Jpeg2000Input.OutOfTime)) {
      cause = cause.getCause();
    }
    return cause instanceof Jpeg2000Input.OutOfTime
        ? String.valueOf(cause.getMessage())
        : e.getClass().getSimpleName();
  }

  /**
   * Whether a stream was coded with the multiple component transform, so that RGB comes out of it.
   *
   * @throws CodecException if it has no coding style
   */
  public static boolean transformsComponents(byte[] stream) throws CodecException {
    byte[] codestream = codestream(stream);
    ByteBuffer buffer = ByteBuffer.wrap(codestream);
    int at = 2;
    while (at + 9 <= codestream.length) {
      int marker = buffer.getShort(at) & 0xffff;
      if (marker == CODING_STYLE) {
        return codestream[at + 8] != 0;
      }
      if (marker == START_OF_TILE) {
        break;
      }
      at += 2 + Math.max(2, buffer.getShort(at + 2) & 0xffff);
    }
    throw new CodecException("the JPEG 2000 data states no coding style");
  }

  /** The stream from its codestream on. */
  private static byte[] codestream(byte[] stream) throws CodecException {
    if (!recognises(stream)) {
      throw new CodecException("it is not JPEG 2000 data");
    }
    ByteBuffer buffer = ByteBuffer.wrap(stream);
    if (buffer.getInt(0) == CODESTREAM) {
      return stream;
    }
    long at = 0;
    while (at + 16 <= stream.length) {
      long length = buffer.getInt((int) at) & 0xffffffffL;
      int header = length == 1 ? 16 : 8;
      if (length == 1) {
        length = buffer.getLong((int) at + 8);
      } else if (length == 0) {
        length = stream.length - at;
      }
      if (length < header || length > stream.length - at) {
        break;
      }
      if (buffer.getInt((int) at + 4) == CODESTREAM_BOX) {
        byte[] codestream = Arrays.copyOfRange(stream, (int) at + header, (int) (at + length));
        if (codestream.length < 4 || ByteBuffer.wrap(codestream).getInt() != CODESTREAM) {
          break;
        }
        return codestream;
      }
      at += length;
    }
    throw new CodecException("the JP2 file has no codestream");
  }
}
