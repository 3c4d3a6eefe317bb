package io.github.gpfm.slideio.internal.codec;

import com.github.jaiimageio.jpeg2000.impl.J2KImageReader;
import com.github.jaiimageio.jpeg2000.impl.J2KImageReaderSpi;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageReader;

/**
 * JPEG 2000 codestreams and JP2 files through jai-imageio-jpeg2000. The stream's size marker is
 * looked at first, so that the library never allocates for a picture that was not expected.
 */
public final class Jpeg2000Decoder {
  private static final long LEAST_MILLIS = 1200;
  private static final long PIXELS_A_MILLISECOND = 200;
  private static final int CODESTREAM = 0xff4fff51;
  private static final int SIGNATURE_BOX = 0x6a502020;
  private static final int CODESTREAM_BOX = 0x6a703263;

  private Jpeg2000Decoder() {}

  /**
   * The size a stream states.
   *
   * @param width pixels
   * @param height pixels
   * @param components 1 to 4
   */
  public record Size(int width, int height, int components) {}

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
   * Decodes a stream of at most the given size.
   *
   * @return samples as coded after the codestream's own component transform
   * @throws CodecException if it is damaged, larger or of a kind that is not read
   */
  public static DecodedImage decode(byte[] stream, int maxWidth, int maxHeight)
      throws CodecException {
    Size size = size(stream);
    if (size.width() > maxWidth || size.height() > maxHeight) {
      throw new CodecException(
          "the JPEG 2000 data states " + size.width() + " x " + size.height() + " pixels");
    }
    Jpeg2000Markers.check(stream, codestreamStart(stream));
    long limit = LEAST_MILLIS + (long) size.width() * size.height() / PIXELS_A_MILLISECOND;
    return GuardedDecoding.run(() -> decode(stream, size), limit);
  }

  private static DecodedImage decode(byte[] stream, Size size) throws CodecException {
    ImageReader reader = new J2KImageReader(new J2KImageReaderSpi());
    try (BudgetedInput input = new BudgetedInput(stream)) {
      reader.setInput(input, true, true);
      return image(reader.readRaster(0, null), size);
    } catch (LinkageError e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      // The library signals damage in many ways: a bare Error and a ThreadDeath are among them.
      throw new CodecException(
          "the JPEG 2000 data cannot be decoded (" + e.getClass().getSimpleName() + ")", e);
    } finally {
      reader.dispose();
    }
  }

  /**
   * Reads the SIZ marker.
   *
   * @throws CodecException if it is damaged or of a kind that is not read
   */
  public static Size size(byte[] stream) throws CodecException {
    int at = codestreamStart(stream);
    if (at + 42 > stream.length) {
      throw new CodecException("the JPEG 2000 header is cut off");
    }
    ByteBuffer siz = ByteBuffer.wrap(stream);
    long width = (siz.getInt(at + 8) & 0xffffffffL) - (siz.getInt(at + 16) & 0xffffffffL);
    long height = (siz.getInt(at + 12) & 0xffffffffL) - (siz.getInt(at + 20) & 0xffffffffL);
    long tileWidth = siz.getInt(at + 24) & 0xffffffffL;
    long tileHeight = siz.getInt(at + 28) & 0xffffffffL;
    int components = siz.getShort(at + 40) & 0xffff;
    if (width < 1 || height < 1 || width > JpegDecoder.MAX_PIXELS / height) {
      throw new CodecException(
          "the JPEG 2000 data has the impossible size " + width + " x " + height);
    }
    boolean fewTiles =
        tileWidth > 0
            && tileHeight > 0
            && (width / tileWidth + 1) * (height / tileHeight + 1) <= 4096;
    if (!fewTiles) {
      throw new CodecException("the JPEG 2000 data has an impossible number of tiles");
    }
    if (components < 1 || components > 4 || at + 42 + 3 * components > stream.length) {
      throw new CodecException("the JPEG 2000 data has " + components + " components");
    }
    for (int i = 0; i < components; i++) {
      int depth = stream[at + 42 + 3 * i] & 0xff;
      if (depth != 7 || stream[at + 43 + 3 * i] != 1 || stream[at + 44 + 3 * i] != 1) {
        throw new CodecException("the JPEG 2000 data is subsampled or has not 8 bits a sample");
      }
    }
    return new Size((int) width, (int) height, components);
  }

  private static int codestreamStart(byte[] stream) throws CodecException {
    if (!recognises(stream)) {
      throw new CodecException("it is not JPEG 2000 data");
    }
    ByteBuffer buffer = ByteBuffer.wrap(stream);
    if (buffer.getInt(0) == CODESTREAM) {
      return 0;
    }
    long at = 0;
    while (at + 8 <= stream.length) {
      long length = buffer.getInt((int) at) & 0xffffffffL;
      int type = buffer.getInt((int) at + 4);
      if (type == CODESTREAM_BOX && at + 12 <= stream.length) {
        int start = (int) at + (length == 1 ? 16 : 8);
        if (start + 4 <= stream.length && buffer.getInt(start) == CODESTREAM) {
          return start;
        }
      }
      if (length < 8) {
        break;
      }
      at += length;
    }
    throw new CodecException("the JP2 file has no codestream");
  }

  private static DecodedImage image(Raster raster, Size size) throws CodecException {
    int bands = raster.getNumBands();
    int width = raster.getWidth();
    int height = raster.getHeight();
    if (width != size.width() || height != size.height() || bands != size.components()) {
      throw new CodecException("the JPEG 2000 data decodes to another size than it states");
    }
    int kept = bands >= 3 ? 3 : 1;
    byte[] samples = new byte[width * height * kept];
    int[] row = new int[width * bands];
    for (int y = 0; y < height; y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < kept; band++) {
          samples[(y * width + x) * kept + band] = (byte) row[x * bands + band];
        }
      }
    }
    return new DecodedImage(width, height, kept, samples);
  }
}
