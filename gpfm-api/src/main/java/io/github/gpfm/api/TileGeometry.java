package io.github.gpfm.api;

/**
 * What the tiles of a grid have in common.
 *
 * @param level the level pixels are read from
 * @param readSize edge of the square to read, pixels of {@code level}
 * @param tileSize edge of the tile handed on, pixels; when it differs from {@code readSize} the
 *     region is resized to it
 * @param level0Size edge of the tile, level-0 pixels (may be fractional at a target resolution)
 * @param level0Step distance of neighbouring tiles, level-0 pixels (may be fractional)
 * @param mpp resolution of the tile handed on, µm per pixel; {@link Double#NaN} when the slide
 *     states none
 */
public record TileGeometry(
    int level, int readSize, int tileSize, double level0Size, double level0Step, double mpp) {
  /** Checks that level is not negative and the sizes are positive. */
  public TileGeometry {
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
}
