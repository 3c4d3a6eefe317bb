package io.github.gpfm.slideio.internal.builtin;

import java.util.Arrays;

/** The decoded tiles of one level, kept in the slide's cache. */
final class CachedTiles {
  private final int level;
  private final TileSource source;
  private final TileCache cache;

  /**
   * @param level which of the slide's levels
   */
  CachedTiles(int level, TileSource source, TileCache cache) {
    this.level = level;
    this.source = source;
    this.cache = cache;
  }

  TileSource source() {
    return source;
  }

  /** A tile, transparent beyond the image's edge; to be closed after use. */
  TileCache.Tile get(long column, long row) {
    return cache.get(
        new TileCache.Key(level, row, column),
        source.tileWidth() * source.tileHeight(),
        argb -> decode(column, row, argb));
  }

  private boolean decode(long column, long row, int[] tile) {
    if (!source.decode(column, row, tile)) {
      return false;
    }
    int tileWidth = source.tileWidth();
    int width = (int) Math.min(tileWidth, source.width() - column * tileWidth);
    int height = (int) Math.min(source.tileHeight(), source.height() - row * source.tileHeight());
    if (width < tileWidth) {
      for (int y = 0; y < height; y++) {
        Arrays.fill(tile, y * tileWidth + width, (y + 1) * tileWidth, 0);
      }
    }
    Arrays.fill(tile, height * tileWidth, tile.length, 0);
    return true;
  }
}
