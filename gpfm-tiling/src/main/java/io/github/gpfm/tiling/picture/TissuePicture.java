package io.github.gpfm.tiling.picture;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** Draws tissue outlines (green), holes (blue) and tiles (dark squares) over a thumbnail. */
public final class TissuePicture {
  /** Longer edge of a picture, pixels, where none is asked for. */
  public static final int DEFAULT_EDGE = 1536;

  private static final Color OUTLINE = new Color(0, 190, 60);
  private static final Color HOLE = new Color(30, 70, 240);
  private static final Color TILE = new Color(20, 20, 20, 150);
  private static final Color TILE_FILL = new Color(255, 200, 0, 28);

  private TissuePicture() {}

  /**
   * Draws one slide.
   *
   * @param slide an open slide
   * @param tissue its tissue
   * @param grid its tiles
   * @param maxEdge longer edge of the picture, pixels
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage draw(Slide slide, Tissue tissue, TileGrid grid, int maxEdge) {
    return draw(Thumbnail.of(slide, maxEdge), tissue, grid);
  }

  /** Draws into a copy of a thumbnail. */
  public static BufferedImage draw(Thumbnail thumbnail, Tissue tissue, TileGrid grid) {
    BufferedImage picture = copy(thumbnail.image());
    Graphics2D graphics = picture.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    float line = Math.max(1f, Math.max(picture.getWidth(), picture.getHeight()) / 700f);
    double width = grid.geometry().level0Size();
    double height = grid.geometry().level0Height();
    graphics.setStroke(new BasicStroke(Math.max(0.7f, line * 0.5f)));
    for (int i = 0; i < grid.size(); i++) {
      Rectangle2D square =
          new Rectangle2D.Double(
              grid.x(i) * thumbnail.scaleX(),
              grid.y(i) * thumbnail.scaleY(),
              width * thumbnail.scaleX(),
              height * thumbnail.scaleY());
      graphics.setColor(TILE_FILL);
      graphics.fill(square);
      graphics.setColor(TILE);
      graphics.draw(square);
    }
    graphics.setStroke(new BasicStroke(line, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    for (TissueRegion region : tissue.regions()) {
      graphics.setColor(OUTLINE);
      graphics.draw(path(region.outline(), thumbnail));
      graphics.setColor(HOLE);
      region.holes().forEach(hole -> graphics.draw(path(hole, thumbnail)));
    }
    graphics.dispose();
    return picture;
  }

  static BufferedImage copy(BufferedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = copy.createGraphics();
    graphics.drawImage(image, 0, 0, null);
    graphics.dispose();
    return copy;
  }

  private static Path2D path(Contour contour, Thumbnail thumbnail) {
    Path2D.Double path = new Path2D.Double();
    for (int i = 0; i < contour.size(); i++) {
      double x = contour.x(i) * thumbnail.scaleX();
      double y = contour.y(i) * thumbnail.scaleY();
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
    return path;
  }
}
