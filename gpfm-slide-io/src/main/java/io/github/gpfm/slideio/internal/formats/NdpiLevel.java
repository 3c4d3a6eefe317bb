package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.TileSource;
import io.github.gpfm.slideio.internal.codec.CodecException;
import io.github.gpfm.slideio.internal.codec.DecodedImage;
import io.github.gpfm.slideio.internal.codec.JpegPicture;
import io.github.gpfm.slideio.internal.codec.YCbCr;
import io.github.gpfm.slideio.internal.io.SlideFile;

/**
 * Cells of an NDPI level joined downwards to handy tiles, at full size or averaged to a half, a
 * quarter or an eighth (levels that OpenSlide derives where the file has none; it uses libjpeg's
 * reduced inverse transform, this the mean of the samples).
 */
final class NdpiLevel implements TileSource {
  private static final int PREFERRED_PIXELS = 1 << 18;
  private static final int MAX_ROWS = 512;

  private final SlideFile file;
  private final NdpiJpeg jpeg;
  private final int scale;
  private final int joined;

  NdpiLevel(SlideFile file, NdpiJpeg jpeg, int scale) {
    this.file = file;
    this.jpeg = jpeg;
    this.scale = scale;
    long cell = (long) jpeg.cellWidth() * jpeg.cellHeight();
    long wanted = Math.min(PREFERRED_PIXELS / cell, MAX_ROWS / jpeg.cellHeight());
    joined = jpeg.hasCells() ? (int) Math.max(1, wanted) : 1;
  }

  /** Whether cells divide evenly by the scale. */
  static boolean divides(NdpiJpeg jpeg, int scale) {
    return jpeg.cellWidth() % scale == 0 && jpeg.cellHeight() % scale == 0;
  }

  @Override
  public long width() {
    return jpeg.width() / scale;
  }

  @Override
  public long height() {
    return jpeg.height() / scale;
  }

  @Override
  public int tileWidth() {
    return jpeg.cellWidth() / scale;
  }

  @Override
  public int tileHeight() {
    return joined * jpeg.cellHeight() / scale;
  }

  @Override
  public int statedTileHeight() {
    return jpeg.cellHeight() / scale;
  }

  @Override
  public boolean decode(long column, long row, int[] argb) {
    long cellRows = (jpeg.height() + jpeg.cellHeight() - 1) / jpeg.cellHeight();
    int rows = (int) Math.min(joined, cellRows - row * joined);
    try {
      JpegPicture picture = jpeg.open(column, row * joined, rows);
      if (scale == 1) {
        picture.argb(true, argb, tileWidth(), tileHeight());
        return true;
      }
      DecodedImage decoded = picture.samples();
      int usedRows = Math.min(decoded.height() / scale, tileHeight());
      for (int y = 0; y < usedRows; y++) {
        for (int x = 0; x < tileWidth(); x++) {
          argb[y * tileWidth() + x] = pixel(decoded, x * scale, y * scale);
        }
      }
      return true;
    } catch (CodecException e) {
      throw file.damaged("tile " + column + "," + row + " of a level: " + e.getMessage(), e);
    }
  }

  private int pixel(DecodedImage image, int left, int top) {
    int first = sample(image, left, top, 0);
    if (image.bands() == 1) {
      return 0xff000000 | first * 0x010101;
    }
    return YCbCr.toArgb(first, sample(image, left, top, 1), sample(image, left, top, 2));
  }

  private int sample(DecodedImage image, int left, int top, int band) {
    byte[] samples = image.samples();
    int stride = image.width() * image.bands();
    int at = top * stride + left * image.bands() + band;
    int sum = scale * scale / 2;
    for (int y = 0; y < scale; y++) {
      for (int x = 0; x < scale; x++) {
        sum += samples[at + y * stride + x * image.bands()] & 0xff;
      }
    }
    return sum / (scale * scale);
  }
}
