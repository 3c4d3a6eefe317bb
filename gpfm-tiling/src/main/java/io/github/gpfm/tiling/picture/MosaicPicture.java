package io.github.gpfm.tiling.picture;

import io.github.gpfm.api.TileGrid;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;

/** Shows what is left of a slide: its tiles in their places, and nothing else. */
public final class MosaicPicture {
  private MosaicPicture() {}

  /**
   * Stitches the tiles, like CLAM's {@code StitchCoords}.
   *
   * @param thumbnail of the slide; its size is that of the result
   * @param grid the tiles
   * @param background colour of what is not covered by a tile
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage draw(Thumbnail thumbnail, TileGrid grid, Color background) {
    BufferedImage source = thumbnail.image();
    BufferedImage mosaic =
        new BufferedImage(source.getWidth(), source.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = mosaic.createGraphics();
    graphics.setColor(background);
    graphics.fillRect(0, 0, mosaic.getWidth(), mosaic.getHeight());
    for (int i = 0; i < grid.size(); i++) {
      Rectangle box = box(thumbnail, grid, i);
      graphics.setClip(box);
      graphics.drawImage(source, 0, 0, null);
    }
    graphics.dispose();
    return mosaic;
  }

  /** Where tile {@code i} lies in the thumbnail, in whole pixels without gaps to its neighbours. */
  public static Rectangle box(Thumbnail thumbnail, TileGrid grid, int i) {
    double width = grid.geometry().level0Size();
    double height = grid.geometry().level0Height();
    int x0 = (int) Math.round(grid.x(i) * thumbnail.scaleX());
    int y0 = (int) Math.round(grid.y(i) * thumbnail.scaleY());
    int x1 = (int) Math.round((grid.x(i) + width) * thumbnail.scaleX());
    int y1 = (int) Math.round((grid.y(i) + height) * thumbnail.scaleY());
    return new Rectangle(x0, y0, Math.max(1, x1 - x0), Math.max(1, y1 - y0));
  }
}
