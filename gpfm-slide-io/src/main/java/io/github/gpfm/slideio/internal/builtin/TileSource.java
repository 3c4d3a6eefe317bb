package io.github.gpfm.slideio.internal.builtin;

import org.jspecify.annotations.Nullable;

/** One image cut into a grid of equal tiles; the last ones may reach over its edge. */
public interface TileSource {
  /** Width of the image, pixels. */
  long width();

  /** Height of the image, pixels. */
  long height();

  /** Width of a tile, pixels. */
  int tileWidth();

  /** Height of a tile, pixels. */
  int tileHeight();

  /**
   * Decodes a tile into an array of the caller's; safe for many threads.
   *
   * @param argb tile height x tile width zeros, becomes premultiplied ARGB; what lies over the
   *     image's edge is of no account
   * @return {@code false} for a tile that the file leaves out
   */
  boolean decode(long column, long row, int[] argb);

  /** Decodes a tile into an array of its own; {@code null} for one that the file leaves out. */
  default int @Nullable [] decode(long column, long row) {
    int[] argb = new int[tileWidth() * tileHeight()];
    return decode(column, row, argb) ? argb : null;
  }

  /** Width of a tile as the file has it, where tiles are joined for reading. */
  default int statedTileWidth() {
    return tileWidth();
  }

  /** Height of a tile as the file has it, where tiles are joined for reading. */
  default int statedTileHeight() {
    return tileHeight();
  }

  /** Tiles in a row. */
  default long tilesAcross() {
    return (width() + tileWidth() - 1) / tileWidth();
  }

  /** Tiles in a column. */
  default long tilesDown() {
    return (height() + tileHeight() - 1) / tileHeight();
  }
}
