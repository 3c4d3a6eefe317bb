package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.image.AntialiasedResize;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * Reads the tiles of a grid from their slide.
 *
 * <p>A tile is the region that the grid's geometry names, without its alpha channel, resized to the
 * tile size where the two differ by 8-bit antialiased bicubic interpolation exactly as Pillow's.
 * What lies outside the slide has the padding colour; black is what the official code hands to the
 * model. Safe for many threads.
 */
public final class TileReader {
  /** The official padding: transparent pixels lose their alpha and become black. */
  public static final int BLACK = 0x000000;

  /** White padding, the colour of glass. */
  public static final int WHITE = 0xffffff;

  private final Slide slide;
  private final TileGrid grid;
  private final int padding;

  /** A reader with the official black padding. */
  public TileReader(Slide slide, TileGrid grid) {
    this(slide, grid, BLACK);
  }

  /**
   * @param slide an open slide; not closed by the reader
   * @param grid its tiles
   * @param padding 0xRRGGBB for what lies outside the slide
   */
  public TileReader(Slide slide, TileGrid grid, int padding) {
    this.slide = slide;
    this.grid = grid;
    this.padding = padding;
  }

  /** The tiles. */
  public TileGrid grid() {
    return grid;
  }

  /**
   * Reads tile {@code i}.
   *
   * @return {@link BufferedImage#TYPE_INT_RGB}, square, of the geometry's tile size
   * @throws io.github.gpfm.api.SlideException if the slide cannot be read there, naming the tile
   */
  public BufferedImage read(int i) {
    TileGeometry geometry = grid.geometry();
    int size = geometry.readSize();
    int height = geometry.readHeight();
    BufferedImage tile = new BufferedImage(size, height, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) tile.getRaster().getDataBuffer()).getData();
    readInto(pixels, i, size, height);
    flatten(pixels, padding);
    int tileSize = geometry.tileSize();
    return tileSize == size && tileSize == height
        ? tile
        : AntialiasedResize.resize(pixels, size, height, tileSize, tileSize);
  }

  private void readInto(int[] pixels, int i, int width, int height) {
    try {
      slide.readRegion(grid.x(i), grid.y(i), grid.geometry().level(), width, height, pixels);
    } catch (SlideFormatException e) {
      throw new SlideFormatException(
          slide.path(),
          "Tile %d at (%d, %d) cannot be read: %s"
              .formatted(i, grid.x(i), grid.y(i), e.getMessage()),
          e);
    }
  }

  /** Replaces fully transparent pixels and drops the alpha of the others, in place. */
  private static void flatten(int[] argb, int padding) {
    if (!isOpaque(argb)) {
      for (int k = 0; k < argb.length; k++) {
        argb[k] = argb[k] >>> 24 == 0 ? padding : argb[k];
      }
    }
    for (int k = 0; k < argb.length; k++) {
      argb[k] &= 0xffffff;
    }
  }

  /** Nearly every tile is; this loop and the last one above become vector instructions. */
  private static boolean isOpaque(int[] argb) {
    int all = -1;
    for (int k = 0; k < argb.length; k++) {
      all &= argb[k];
    }
    return all >>> 24 == 255;
  }
}
