package io.github.gpfm.api;

/**
 * What the tiles of a grid have in common.
 *
 * @param level the level pixels are read from
 * @param readSize width of the rectangle to read, pixels of {@code level}
 * @param tileSize edge of the tile handed on, pixels; when it differs from {@code readSize} the
 *     region is resized to it
 * @param level0Size width of the tile, level-0 pixels (may be fractional at a target resolution)
 * @param level0Step distance of neighbouring tiles in a row, level-0 pixels (may be fractional)
 * @param mpp resolution of the tile handed on, µm per pixel; {@link Double#NaN} when the slide
 *     states none
 * @param aspect height of a tile over its width, both in level-0 pixels: 1 for square pixels, 0.5
 *     where a pixel is twice as high as wide and a tile is square in micrometres
 */
public record TileGeometry(
    int level,
    int readSize,
    int tileSize,
    double level0Size,
    double level0Step,
    double mpp,
    double aspect) {
  /** Tiles of square pixels. */
  public TileGeometry(
      int level, int readSize, int tileSize, double level0Size, double level0Step, double mpp) {
    this(level, readSize, tileSize, level0Size, level0Step, mpp, 1);
  }

  /** Checks that level is not negative and the sizes are positive. */
  public TileGeometry {
    if (!(aspect > 0) || Double.isInfinite(aspect)) {
      throw new IllegalArgumentException("impossible aspect of a tile: " + aspect);
    }
    if (level < 0 || readSize < 1 || tileSize < 1 || !(level0Size > 0) || !(level0Step > 0)) {
      throw new IllegalArgumentException(
          "impossible tile geometry: level "
              + level
              + ", read "
              + readSize
              + ", tile "
              + tileSize
              + ", level-0 size "
              + level0Size
              + ", level-0 step "
              + level0Step);
    }
  }

  /** Height of the rectangle to read, pixels of {@link #level()}. */
  public int readHeight() {
    return aspect == 1 ? readSize : (int) Math.max(1, Math.round(readSize * aspect));
  }

  /** Height of a tile, level-0 pixels. */
  public double level0Height() {
    return level0Size * aspect;
  }

  /** Distance of neighbouring tiles in a column, level-0 pixels. */
  public double level0StepY() {
    return level0Step * aspect;
  }
}
