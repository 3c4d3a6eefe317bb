package io.github.gpfm.slideio.internal.tiff;

import io.github.gpfm.slideio.internal.codec.YCbCr;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Samples to premultiplied ARGB by TIFF's photometric interpretation, as libtiff's RGBA interface
 * does it: grey and palette images become RGB, 16-bit samples become 8-bit by {@code (v + 128) /
 * 257}, an alpha sample is kept. Further samples are ignored.
 */
final class PixelUnpacker {
  private static final int ASSOCIATED_ALPHA = 1;
  private static final int UNASSOCIATED_ALPHA = 2;

  private final TiffImage image;
  private final int bands;
  private final int alphaKind;
  private final int[] palette;

  PixelUnpacker(TiffImage image) {
    this.image = image;
    boolean colour =
        image.photometric() == TiffImage.PHOTOMETRIC_RGB
            || image.photometric() == TiffImage.PHOTOMETRIC_YCBCR;
    bands = colour ? 3 : 1;
    long[] extra = image.directory().integers(TiffTag.EXTRA_SAMPLES);
    boolean alpha = image.photometric() == TiffImage.PHOTOMETRIC_RGB && image.samples() == 4;
    if (alpha && extra.length == 0) {
      alphaKind = ASSOCIATED_ALPHA;
    } else if (alpha && (extra[0] == ASSOCIATED_ALPHA || extra[0] == UNASSOCIATED_ALPHA)) {
      alphaKind = (int) extra[0];
    } else {
      alphaKind = 0;
    }
    palette = image.photometric() == TiffImage.PHOTOMETRIC_PALETTE ? palette() : new int[0];
  }

  /** Refuses what cannot be unpacked, before any pixel is read. */
  static void requireSupported(TiffImage image) {
    int photometric = image.photometric();
    boolean colour =
        photometric == TiffImage.PHOTOMETRIC_RGB || photometric == TiffImage.PHOTOMETRIC_YCBCR;
    boolean single =
        photometric == TiffImage.PHOTOMETRIC_WHITE_IS_ZERO
            || photometric == TiffImage.PHOTOMETRIC_BLACK_IS_ZERO
            || photometric == TiffImage.PHOTOMETRIC_PALETTE;
    if (!colour && !single) {
      throw image.file().unsupported("the TIFF colour space " + photometric + " is not supported");
    }
    if (colour && image.samples() < 3) {
      throw image.file().damaged("a colour image has " + image.samples() + " samples a pixel");
    }
    if (photometric == TiffImage.PHOTOMETRIC_PALETTE && image.bits() > 8) {
      throw image.file().unsupported("its palette has 16-bit indices");
    }
    boolean jpeg = image.compression() == TiffImage.COMPRESSION_JPEG;
    if (photometric == TiffImage.PHOTOMETRIC_YCBCR && !jpeg && !image.jpeg2000()) {
      long[] subsampling = image.directory().integers(TiffTag.YCBCR_SUBSAMPLING);
      if (subsampling.length < 2 || subsampling[0] != 1 || subsampling[1] != 1) {
        throw image.file().unsupported("its uncompressed YCbCr is subsampled");
      }
    }
  }

  /**
   * Unpacks the samples of one block.
   *
   * @param planes interleaved samples in one array, or one array a plane
   * @param rows rows that the arrays have
   * @param argb tile width x tile height, written
   */
  void unpack(byte[][] planes, int rows, int[] argb) {
    if (image.bits() < 8) {
      unpackBits(planes[0], rows, argb);
      return;
    }
    int width = image.tileWidth();
    int count = width * rows;
    int stride = image.planar() ? 1 : image.samples();
    int needed = alphaKind != 0 ? 4 : bands;
    byte[][] channels = new byte[needed][];
    int[] starts = new int[needed];
    for (int band = 0; band < needed; band++) {
      channels[band] = planes[image.planar() ? band : 0];
      starts[band] = image.planar() ? 0 : band;
    }
    int[] values = new int[4];
    for (int i = 0; i < count; i++) {
      for (int band = 0; band < needed; band++) {
        values[band] = sample(channels[band], i * stride + starts[band]);
      }
      argb[i] = colour(values);
    }
  }

  /** Turns a grey picture, decoded as it is, around where 0 is white. */
  void finishGrey(int[] argb) {
    if (image.photometric() == TiffImage.PHOTOMETRIC_WHITE_IS_ZERO) {
      for (int i = 0; i < argb.length; i++) {
        argb[i] ^= argb[i] == 0 ? 0 : 0xffffff;
      }
    }
  }

  private int sample(byte[] bytes, int index) {
    if (image.bits() == 8) {
      return bytes[index] & 0xff;
    }
    int first = bytes[2 * index] & 0xff;
    int second = bytes[2 * index + 1] & 0xff;
    boolean little = image.directory().order() == ByteOrder.LITTLE_ENDIAN;
    int value = little ? second << 8 | first : first << 8 | second;
    return (value + 128) / 257;
  }

  private int colour(int[] values) {
    switch (image.photometric()) {
      case TiffImage.PHOTOMETRIC_RGB:
        return alphaKind == 0
            ? 0xff000000 | values[0] << 16 | values[1] << 8 | values[2]
            : withAlpha(values);
      case TiffImage.PHOTOMETRIC_YCBCR:
        return YCbCr.toArgb(values[0], values[1], values[2]);
      case TiffImage.PHOTOMETRIC_PALETTE:
        return palette[values[0]];
      default:
        return grey(values[0]);
    }
  }

  private int withAlpha(int[] values) {
    int alpha = values[3];
    int argb = alpha << 24;
    for (int band = 0; band < 3; band++) {
      int value =
          alphaKind == UNASSOCIATED_ALPHA
              ? (values[band] * alpha + 127) / 255
              : Math.min(values[band], alpha);
      argb |= value << 16 - 8 * band;
    }
    return argb;
  }

  private int grey(int value) {
    int level = image.photometric() == TiffImage.PHOTOMETRIC_WHITE_IS_ZERO ? 255 - value : value;
    return 0xff000000 | level * 0x010101;
  }

  private void unpackBits(byte[] bytes, int rows, int[] argb) {
    int width = image.tileWidth();
    int bits = image.bits();
    int maximum = (1 << bits) - 1;
    for (int y = 0; y < rows; y++) {
      int rowStart = y * image.rowBytes() * 8;
      for (int x = 0; x < width; x++) {
        int at = rowStart + x * bits;
        int value = bytes[at >> 3] >> 8 - bits - (at & 7) & maximum;
        argb[y * width + x] = palette.length > 0 ? palette[value] : grey(value * 255 / maximum);
      }
    }
  }

  private int[] palette() {
    long[] map = image.directory().integers(TiffTag.COLOR_MAP);
    int colours = 1 << image.bits();
    if (map.length < 3 * colours) {
      throw image.file().damaged("its colour map has " + map.length + " values");
    }
    boolean wide = Arrays.stream(map).anyMatch(value -> value > 255);
    int[] argb = new int[colours];
    for (int i = 0; i < colours; i++) {
      int red = (int) (wide ? map[i] >> 8 : map[i]) & 255;
      int green = (int) (wide ? map[i + colours] >> 8 : map[i + colours]) & 255;
      int blue = (int) (wide ? map[i + 2 * colours] >> 8 : map[i + 2 * colours]) & 255;
      argb[i] = 0xff000000 | red << 16 | green << 8 | blue;
    }
    return argb;
  }
}
