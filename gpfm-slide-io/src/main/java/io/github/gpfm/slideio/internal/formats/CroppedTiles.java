package io.github.gpfm.slideio.internal.formats;

import io.github.gpfm.slideio.internal.builtin.TileSource;

/**
 * The left top part of an image whose stated size includes padding.
 *
 * @param source all of it
 * @param width pixels of the part, at most the image's
 * @param height pixels of the part, at most the image's
 */
record CroppedTiles(TileSource source, long width, long height) implements TileSource {
  @Override
  public int tileWidth() {
    return source.tileWidth();
  }

  @Override
  public int tileHeight() {
    return source.tileHeight();
  }

  @Override
  public boolean decode(long column, long row, int[] target) {
    return source.decode(column, row, target);
  }
}
