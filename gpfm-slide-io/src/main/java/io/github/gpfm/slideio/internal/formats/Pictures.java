package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.MemoryImage;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.DecodedImage;
import io.github.gpfm.slideio.internal.codec.Jpeg2000Decoder;
import io.github.gpfm.slideio.internal.codec.JpegDecoder;
import io.github.gpfm.slideio.internal.codec.JpegHeader;
import io.github.gpfm.slideio.internal.codec.JpegPicture;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Complete PNG, JPEG and JPEG 2000 files to pixels. */
final class Pictures {
  /** Deflate makes at most 1:1032, and a pixel has at least one bit. */
  private static final long DENSEST_PNG = 8 * 1040;

  private Pictures() {}

  /** Decodes a JPEG with the colour space that libjpeg would take it to have. */
  static MemoryImage jpeg(byte[] bytes) throws CodecException {
    JpegPicture picture = JpegDecoder.open(bytes, null);
    int[] argb = new int[picture.width() * picture.height()];
    picture.argb(isYCbCr(picture.header()), argb, picture.width(), picture.height());
    return new MemoryImage(picture.width(), picture.height(), argb);
  }

  /** Decodes a JPEG 2000 file or codestream. */
  static MemoryImage jpeg2000(byte[] bytes) throws CodecException {
    DecodedImage image = Jpeg2000Decoder.decode(bytes);
    int[] argb = new int[image.width() * image.height()];
    image.argb(false, argb, image.width(), image.height());
    return new MemoryImage(image.width(), image.height(), argb);
  }

  /** Decodes a PNG; 16-bit samples become 8-bit, transparency is kept. */
  static MemoryImage png(byte[] bytes) throws CodecException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName("png");
    if (!readers.hasNext()) {
      throw new CodecException("this Java has no PNG decoder (module java.desktop)");
    }
    ImageReader reader = readers.next();
    try (MemoryCacheImageInputStream input =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      reader.setInput(input, true, true);
      long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
      if (pixels < 1 || pixels > JpegDecoder.MAX_PIXELS || pixels / DENSEST_PNG > bytes.length) {
        throw new CodecException(
            "the PNG has the impossible size " + reader.getWidth(0) + " x " + reader.getHeight(0));
      }
      return argb(reader.read(0));
    } catch (IOException | RuntimeException e) {
      throw new CodecException("the PNG data cannot be decoded (" + e.getMessage() + ")", e);
    } finally {
      reader.dispose();
    }
  }

  /** libjpeg's rule: Adobe's marker decides, else components named R, G, B, else YCbCr. */
  private static boolean isYCbCr(JpegHeader header) {
    if (header.components() != 3) {
      return false;
    }
    if (header.adobeTransform() >= 0) {
      return header.adobeTransform() != 0;
    }
    return !(header.componentId(0) == 'R'
        && header.componentId(1) == 'G'
        && header.componentId(2) == 'B');
  }

  private static MemoryImage argb(BufferedImage image) throws CodecException {
    Raster raster = image.getRaster();
    int width = raster.getWidth();
    int height = raster.getHeight();
    int bands = raster.getNumBands();
    int[] argb = new int[width * height];
    int[] row = new int[width * bands];
    int bits = raster.getSampleModel().getSampleSize(0);
    IndexColorModel palette =
        image.getColorModel() instanceof IndexColorModel indexed ? indexed : null;
    for (int y = 0; y < height; y++) {
      raster.getPixels(0, y, width, 1, row);
      for (int x = 0; x < width; x++) {
        argb[y * width + x] =
            palette != null
                ? premultiplied(palette.getRGB(row[x]))
                : premultiplied(straight(row, x * bands, bands, bits));
      }
    }
    return new MemoryImage(width, height, argb);
  }

  /** The samples themselves: Java's own conversion would treat grey as linear light. */
  private static int straight(int[] row, int at, int bands, int bits) throws CodecException {
    int first = to8(row[at], bits);
    return switch (bands) {
      case 1 -> 0xff000000 | first * 0x010101;
      case 2 -> to8(row[at + 1], bits) << 24 | first * 0x010101;
      case 3 -> 0xff000000 | first << 16 | to8(row[at + 1], bits) << 8 | to8(row[at + 2], bits);
      case 4 ->
          to8(row[at + 3], bits) << 24
              | first << 16
              | to8(row[at + 1], bits) << 8
              | to8(row[at + 2], bits);
      default -> throw new CodecException("the PNG has " + bands + " channels");
    };
  }

  private static int to8(int sample, int bits) {
    return switch (bits) {
      case 16 -> sample >> 8; // as Pillow

      case 8 -> sample;
      default -> sample * 255 / ((1 << bits) - 1);
    };
  }

  private static int premultiplied(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb;
    }
    int red = ((argb >> 16 & 255) * alpha + 127) / 255;
    int green = ((argb >> 8 & 255) * alpha + 127) / 255;
    int blue = ((argb & 255) * alpha + 127) / 255;
    return alpha << 24 | red << 16 | green << 8 | blue;
  }
}
