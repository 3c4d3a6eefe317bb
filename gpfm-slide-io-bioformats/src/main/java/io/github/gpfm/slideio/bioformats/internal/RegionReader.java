package io.github.gpfm.slideio.bioformats.internal;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Reads regions by OpenSlide's rules: level-0 coordinates are divided by the level's downsample
 * without rounding, what lies outside is transparent, and at a position between pixels the image is
 * interpolated bilinearly over its transparent surroundings, in cairo's arithmetic.
 */
final class RegionReader {
  /** Bytes asked of Bio-Formats at once, so that a large region needs no second large array. */
  private static final long BAND_BYTES = 32L << 20;

  private static final float TO_UNIT = 1f / 255f;

  private final ReaderSession session;
  private final ImagePage page;

  RegionReader(ReaderSession session, ImagePage page) {
    this.session = session;
    this.page = page;
  }

  /**
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param downsample of the page
   * @param width page pixels
   * @param height page pixels
   * @return {@link BufferedImage#TYPE_INT_ARGB}
   */
  BufferedImage region(long x, long y, double downsample, int width, int height) throws Exception {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] target = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    Axis columns = Axis.of(x, downsample);
    Axis rows = Axis.of(y, downsample);
    if (columns.skip >= width
        || rows.skip >= height
        || columns.start >= page.width()
        || rows.start >= page.height()) {
      return image;
    }
    int left = (int) columns.skip;
    int top = (int) rows.skip;
    int startX = (int) columns.start;
    int startY = (int) rows.start;
    if (columns.weight == 0 && rows.weight == 0) {
      int copiedWidth = Math.min(width - left, page.width() - startX);
      int copiedHeight = Math.min(height - top, page.height() - startY);
      copy(startX, startY, copiedWidth, copiedHeight, target, top * width + left, width);
    } else {
      interpolate(columns, rows, target, width, height);
    }
    return image;
  }

  /** The whole page. */
  BufferedImage whole() throws Exception {
    return region(0, 0, 1, page.width(), page.height());
  }

  private void interpolate(Axis columns, Axis rows, int[] target, int width, int height)
      throws Exception {
    int left = (int) columns.skip;
    int top = (int) rows.skip;
    int startX = (int) columns.start;
    int startY = (int) rows.start;
    int sourceWidth = Math.min(width - left + 1, page.width() - startX);
    int bandRows = (int) Math.max(1, BAND_BYTES / (4L * sourceWidth));
    float both = columns.weight * rows.weight;
    float onlyX = columns.weight - both;
    float onlyY = rows.weight - both;
    float none = 1f - columns.weight - rows.weight + both;
    for (int from = 0; from < height - top; from += bandRows) {
      int to = Math.min(height - top, from + bandRows);
      int sourceHeight = Math.min(to - from + 1, page.height() - startY - from);
      if (sourceHeight < 1) {
        return;
      }
      // One transparent column and row more, for the neighbours beyond the page's edge.
      int stride = sourceWidth + 2;
      int[] source = new int[stride * (to - from + 2)];
      copy(startX, startY + from, sourceWidth, sourceHeight, source, 0, stride);
      for (int y = from; y < Math.min(to, from + sourceHeight); y++) {
        for (int x = 0; x < Math.min(width - left, sourceWidth); x++) {
          int at = (y - from) * stride + x;
          target[(top + y) * width + left + x] =
              straight(
                  mix(source, at, stride, 24, none, onlyX, onlyY, both),
                  mix(source, at, stride, 16, none, onlyX, onlyY, both),
                  mix(source, at, stride, 8, none, onlyX, onlyY, both),
                  mix(source, at, stride, 0, none, onlyX, onlyY, both));
        }
      }
    }
  }

  /** One premultiplied channel between four pixels; pixels are opaque or 0. */
  private static int mix(
      int[] source,
      int at,
      int stride,
      int shift,
      float none,
      float onlyX,
      float onlyY,
      float both) {
    float value =
        (source[at] >>> shift & 255) * TO_UNIT * none
            + (source[at + 1] >>> shift & 255) * TO_UNIT * onlyX
            + (source[at + stride] >>> shift & 255) * TO_UNIT * onlyY
            + (source[at + stride + 1] >>> shift & 255) * TO_UNIT * both;
    int scaled = (int) (Math.min(1f, value) * 256f);
    return scaled - (scaled >> 8);
  }

  private static int straight(int alpha, int red, int green, int blue) {
    if (alpha == 0) {
      return 0;
    }
    return alpha << 24
        | Math.min(255, 255 * red / alpha) << 16
        | Math.min(255, 255 * green / alpha) << 8
        | Math.min(255, 255 * blue / alpha);
  }

  /** Copies a rectangle inside the page, in bands that end where tiles do. */
  private void copy(int x, int y, int width, int height, int[] target, int offset, int stride)
      throws Exception {
    long rowBytes = page.pixels().bytesPerPixel() * width;
    int bandRows = (int) Math.max(1, Math.min(height, BAND_BYTES / rowBytes));
    int end = y + height;
    for (int row = y; row < end; ) {
      int next = Math.min(end, row + bandRows);
      int aligned = next / page.tileHeight() * page.tileHeight();
      if (next < end && aligned > row) {
        next = aligned;
      }
      page.pixels()
          .convert(
              session.read(page, x, row, width, next - row),
              width,
              next - row,
              target,
              offset + (row - y) * stride,
              stride);
      row = next;
    }
  }

  /** One direction of a region on its level. */
  private static final class Axis {
    /** Region pixels before the level begins. */
    private final long skip;

    /** First level pixel. */
    private final long start;

    /** Weight of the next pixel, 0 at a whole position. */
    private final float weight;

    private Axis(long skip, long start, float weight) {
      this.skip = skip;
      this.start = start;
      this.weight = weight;
    }

    static Axis of(long from, double downsample) {
      long skip = from < 0 ? (long) (-(double) from / downsample) : 0;
      double position = Math.max(from, 0) / downsample;
      // cairo's fixed point has 8 fractional bits: what rounds to a whole position is one.
      if (Math.round(position * 256) % 256 == 0) {
        return new Axis(skip, Math.round(position), 0);
      }
      long fixed = Math.round(position * 65536);
      return new Axis(skip, fixed >> 16, (fixed & 0xffff) / 65536f);
    }
  }
}
