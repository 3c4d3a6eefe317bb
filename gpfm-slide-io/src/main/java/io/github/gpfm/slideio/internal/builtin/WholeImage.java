package io.github.gpfm.slideio.internal.builtin;

import java.awt.image.BufferedImage;

/** Reads all of a small image at once. */
public final class WholeImage {
  private static final long MAX_PIXELS = 1L << 26;

  private WholeImage() {}

  /** Whether an image of this size is small enough. */
  public static boolean fits(TileSource source) {
    return source.width() <= MAX_PIXELS / source.height();
  }

  /**
   * Decodes every tile once.
   *
   * @return {@link BufferedImage#TYPE_INT_ARGB}, not premultiplied
   */
  public static BufferedImage of(TileSource source) {
    int width = (int) source.width();
    int height = (int) source.height();
    CachedTiles tiles = new CachedTiles(0, source, new TileCache(0));
    return BuiltinSlide.image(tiles, 1, 0, 0, width, height);
  }
}
