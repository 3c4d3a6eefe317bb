package io.github.gpfm.slideio.internal.builtin;

/**
 * Puts tiles together into a region the way OpenSlide does, to the bit.
 *
 * <p>OpenSlide divides level-0 coordinates by the level's downsample without rounding and lets
 * cairo draw each tile at that position with the SATURATE operator. At a whole position tiles are
 * copied; at a fractional one cairo's image back end interpolates bilinearly between neighbouring
 * pixels of the same tile in floating point, and seams of neighbouring tiles add up. Regions are
 * worked on in blocks of 4096 pixels, whose origins are rounded down to whole level-0 pixels.
 */
final class RegionCompositor {
  private static final int BLOCK = 4096;
  private static final float TO_UNIT = 1f / 255f;

  private final CachedTiles tiles;
  private final double downsample;
  private final int[] region;
  private final int stride;

  private RegionCompositor(CachedTiles tiles, double downsample, int[] region, int stride) {
    this.tiles = tiles;
    this.downsample = downsample;
    this.region = region;
    this.stride = stride;
  }

  /**
   * Composes a region.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param region height x width zeros, becomes premultiplied ARGB
   */
  static void compose(
      CachedTiles tiles, double downsample, long x, long y, int width, int height, int[] region) {
    RegionCompositor compositor = new RegionCompositor(tiles, downsample, region, width);
    for (int row = 0; row < height; row += BLOCK) {
      for (int column = 0; column < width; column += BLOCK) {
        compositor.block(
            (long) (x + column * downsample),
            (long) (y + row * downsample),
            column,
            row,
            Math.min(BLOCK, width - column),
            Math.min(BLOCK, height - row));
      }
    }
  }

  private void block(long x, long y, int left, int top, int width, int height) {
    long skipX = x < 0 ? (long) (-(double) x / downsample) : 0;
    long skipY = y < 0 ? (long) (-(double) y / downsample) : 0;
    if (skipX >= width || skipY >= height) {
      return;
    }
    Axis columns =
        Axis.of(
            Math.max(x, 0) / downsample,
            (int) (width - skipX),
            tiles.source().tileWidth(),
            tiles.source().tilesAcross());
    Axis rows =
        Axis.of(
            Math.max(y, 0) / downsample,
            (int) (height - skipY),
            tiles.source().tileHeight(),
            tiles.source().tilesDown());
    int originX = left + (int) skipX;
    int originY = top + (int) skipY;
    for (long row = rows.last; row >= rows.first; row--) {
      for (long column = columns.last; column >= columns.first; column--) {
        try (TileCache.Tile tile = tiles.get(column, row)) {
          if (tile.there()) {
            draw(tile.pixels(), columns, column, rows, row, originX, originY);
          }
        }
      }
    }
  }

  private void draw(
      int[] tile, Axis columns, long column, Axis rows, long row, int originX, int originY) {
    double atX = columns.position(column);
    double atY = rows.position(row);
    long wholeX = Math.round(atX * 256);
    long wholeY = Math.round(atY * 256);
    // cairo's fixed point has 8 fractional bits: what rounds to a whole position is one.
    if (wholeX % 256 == 0 && wholeY % 256 == 0) {
      copy(tile, columns, (int) (wholeX / 256), rows, (int) (wholeY / 256), originX, originY);
    } else {
      interpolate(tile, columns, atX, rows, atY, originX, originY);
    }
  }

  private void copy(
      int[] tile, Axis columns, int atX, Axis rows, int atY, int originX, int originY) {
    int fromX = Math.max(0, atX);
    int toX = Math.min(columns.length, atX + columns.tileSize);
    int fromY = Math.max(0, atY);
    int toY = Math.min(rows.length, atY + rows.tileSize);
    for (int y = fromY; y < toY; y++) {
      System.arraycopy(
          tile,
          (y - atY) * columns.tileSize + fromX - atX,
          region,
          (originY + y) * stride + originX + fromX,
          Math.max(0, toX - fromX));
    }
  }

  private void interpolate(
      int[] tile, Axis columns, double atX, Axis rows, double atY, int originX, int originY) {
    long shiftX = Math.round(-atX * 65536);
    long shiftY = Math.round(-atY * 65536);
    float weightX = (shiftX & 0xffff) / 65536f;
    float weightY = (shiftY & 0xffff) / 65536f;
    int offsetX = (int) (shiftX >> 16);
    int offsetY = (int) (shiftY >> 16);
    int fromX = Math.max(0, -1 - offsetX);
    int toX = Math.min(columns.length, columns.tileSize - offsetX);
    int fromY = Math.max(0, -1 - offsetY);
    int toY = Math.min(rows.length, rows.tileSize - offsetY);
    float both = weightX * weightY;
    float onlyX = weightX - both;
    float onlyY = weightY - both;
    float none = 1f - weightX - weightY + both;
    for (int y = fromY; y < toY; y++) {
      int tileY = y + offsetY;
      int upper = tileY < 0 ? -1 : tileY * columns.tileSize;
      int lower = tileY + 1 >= rows.tileSize ? -1 : (tileY + 1) * columns.tileSize;
      int target = (originY + y) * stride + originX;
      for (int x = fromX; x < toX; x++) {
        int tileX = x + offsetX;
        boolean hasLeft = tileX >= 0;
        boolean hasRight = tileX + 1 < columns.tileSize;
        int topLeft = upper >= 0 && hasLeft ? tile[upper + tileX] : 0;
        int topRight = upper >= 0 && hasRight ? tile[upper + tileX + 1] : 0;
        int bottomLeft = lower >= 0 && hasLeft ? tile[lower + tileX] : 0;
        int bottomRight = lower >= 0 && hasRight ? tile[lower + tileX + 1] : 0;
        float alpha = mix(topLeft, topRight, bottomLeft, bottomRight, 24, none, onlyX, onlyY, both);
        if (alpha > 0) {
          int below = region[target + x];
          float factor = factor(alpha, (below >>> 24) * TO_UNIT);
          int pixel = 0;
          for (int shift = 24; shift >= 0; shift -= 8) {
            float value =
                mix(topLeft, topRight, bottomLeft, bottomRight, shift, none, onlyX, onlyY, both);
            pixel |= toByte(value * factor + (below >>> shift & 255) * TO_UNIT) << shift;
          }
          region[target + x] = pixel;
        }
      }
    }
  }

  private static float mix(
      int topLeft,
      int topRight,
      int bottomLeft,
      int bottomRight,
      int shift,
      float none,
      float onlyX,
      float onlyY,
      float both) {
    return (topLeft >>> shift & 255) * TO_UNIT * none
        + (topRight >>> shift & 255) * TO_UNIT * onlyX
        + (bottomLeft >>> shift & 255) * TO_UNIT * onlyY
        + (bottomRight >>> shift & 255) * TO_UNIT * both;
  }

  /** SATURATE: as much of the source as there is room for above what is there. */
  private static float factor(float sourceAlpha, float alphaBelow) {
    return Math.max(0f, Math.min(1f, (1f - alphaBelow) / sourceAlpha));
  }

  private static int toByte(float value) {
    int scaled = (int) (Math.min(1f, value) * 256f);
    return scaled - (scaled >> 8);
  }

  /** Where the tiles of one direction come to lie. */
  private static final class Axis {
    private final long first;
    private final long last;
    private final double offset;
    private final int length;
    private final int tileSize;

    private Axis(long first, long last, double offset, int length, int tileSize) {
      this.first = first;
      this.last = last;
      this.offset = offset;
      this.length = length;
      this.tileSize = tileSize;
    }

    static Axis of(double start, int length, int tileSize, long tiles) {
      long first = (long) (start / tileSize);
      long last = Math.min((long) Math.ceil((start + length) / tileSize), tiles) - 1;
      return new Axis(first, last, start - first * (double) tileSize, length, tileSize);
    }

    /** Left or top edge of a tile in the region, pixels; may be fractional and negative. */
    double position(long tile) {
      return (tile - first) * (double) tileSize - offset;
    }
  }
}
