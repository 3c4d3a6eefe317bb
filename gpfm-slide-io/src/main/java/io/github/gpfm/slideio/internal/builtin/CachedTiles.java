package io.github.gpfm.slideio.internal.builtin;

import com.google.common.cache.Cache;
import io.github.gpfm.slideio.internal.CacheLoading;
import java.util.Arrays;

/**
 * The decoded tiles of one level, kept in the slide's cache. A tile that several threads want is
 * decoded once.
 */
final class CachedTiles {
  private static final int[] MISSING = {};

  private final int level;
  private final TileSource source;
  private final Cache<Key, int[]> cache;

  /**
   * @param level which of the slide's levels
   * @param row tile row
   * @param column tile column
   */
  record Key(int level, long row, long column) {}

  CachedTiles(int level, TileSource source, Cache<Key, int[]> cache) {
    this.level = level;
    this.source = source;
    this.cache = cache;
  }

  TileSource source() {
    return source;
  }

  /**
   * A tile, transparent beyond the image's edge; not to be changed.
   *
   * @return tile height x tile width premultiplied ARGB, or empty for a missing tile
   */
  int[] get(long column, long row) {
    return CacheLoading.get(cache, new Key(level, row, column), () -> decode(column, row));
  }

  private int[] decode(long column, long row) {
    int[] tile = source.decode(column, row);
    if (tile == null) {
      return MISSING;
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
    return tile;
  }
}
