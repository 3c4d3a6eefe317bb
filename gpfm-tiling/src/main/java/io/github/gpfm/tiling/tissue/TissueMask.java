package io.github.gpfm.tiling.tissue;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;

/**
 * Tissue as a raster with the sums that answer "what part of this square is tissue?" at once.
 * Immutable.
 */
public final class TissueMask {
  /** Most pixels a mask has, so that its sums fit an int and its memory stays small. */
  private static final long MAX_PIXELS = 1L << 25;

  private final int width;
  private final int height;
  private final double downsampleX;
  private final double downsampleY;
  private final byte[] pixels;
  private final int[] sums;

  private TissueMask(int width, int height, double downsampleX, double downsampleY, byte[] pixels) {
    this.width = width;
    this.height = height;
    this.downsampleX = downsampleX;
    this.downsampleY = downsampleY;
    this.pixels = pixels;
    sums = new int[(width + 1) * (height + 1)];
    for (int y = 0; y < height; y++) {
      int row = 0;
      for (int x = 0; x < width; x++) {
        row += pixels[y * width + x] == 0 ? 0 : 1;
        sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
      }
    }
  }

  /** The mask at the resolution of the segmentation, or coarser where that is very fine. */
  public static TissueMask of(Tissue tissue) {
    double x = tissue.downsampleX();
    double y = tissue.downsampleY();
    double pixels = tissue.slideWidth() / x * (tissue.slideHeight() / y);
    double coarser = Math.max(1, Math.sqrt(pixels / MAX_PIXELS));
    return at(tissue, x * coarser, y * coarser);
  }

  /**
   * The mask at a resolution of one's choice.
   *
   * @param downsampleX level-0 pixels per mask pixel along a row
   * @param downsampleY level-0 pixels per mask pixel along a column
   */
  public static TissueMask at(Tissue tissue, double downsampleX, double downsampleY) {
    int width = (int) Math.max(1, Math.round(tissue.slideWidth() / downsampleX));
    int height = (int) Math.max(1, Math.round(tissue.slideHeight() / downsampleY));
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = image.createGraphics();
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_OFF);
    // A traced contour runs through the centres of the border pixels, which are tissue.
    double border =
        Math.min(tissue.downsampleX() / downsampleX, tissue.downsampleY() / downsampleY);
    graphics.setStroke(
        new BasicStroke((float) Math.max(0, border), BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND));
    for (TissueRegion region : tissue.regions()) {
      Path2D.Double path = new Path2D.Double(Path2D.WIND_EVEN_ODD);
      append(path, region.outline(), tissue, downsampleX, downsampleY);
      region.holes().forEach(hole -> append(path, hole, tissue, downsampleX, downsampleY));
      graphics.setColor(Color.WHITE);
      graphics.fill(path);
      graphics.draw(path);
    }
    graphics.dispose();
    byte[] pixels = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
    return new TissueMask(width, height, downsampleX, downsampleY, pixels);
  }

  private static void append(Path2D path, Contour contour, Tissue tissue, double dx, double dy) {
    for (int i = 0; i < contour.size(); i++) {
      double x = (contour.x(i) + tissue.downsampleX() / 2) / dx;
      double y = (contour.y(i) + tissue.downsampleY() / 2) / dy;
      if (i == 0) {
        path.moveTo(x, y);
      } else {
        path.lineTo(x, y);
      }
    }
    path.closePath();
  }

  /** Width, mask pixels. */
  public int width() {
    return width;
  }

  /** Height, mask pixels. */
  public int height() {
    return height;
  }

  /** Level-0 pixels per mask pixel along a row. */
  public double downsampleX() {
    return downsampleX;
  }

  /** Level-0 pixels per mask pixel along a column. */
  public double downsampleY() {
    return downsampleY;
  }

  /** Whether a mask pixel is tissue. */
  public boolean isTissue(int x, int y) {
    return pixels[y * width + x] != 0;
  }

  /**
   * The part of a square that is tissue; what lies outside the slide is not.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param size edge, level-0 pixels
   * @return 0 to 1
   */
  public double fraction(double x, double y, double size) {
    return fraction(x, y, size, size);
  }

  /**
   * The part of a rectangle that is tissue; what lies outside the slide is not.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param tileWidth level-0 pixels
   * @param tileHeight level-0 pixels
   * @return 0 to 1
   */
  public double fraction(double x, double y, double tileWidth, double tileHeight) {
    int x0 = (int) Math.round(x / downsampleX);
    int y0 = (int) Math.round(y / downsampleY);
    int x1 = Math.max(x0 + 1, (int) Math.round((x + tileWidth) / downsampleX));
    int y1 = Math.max(y0 + 1, (int) Math.round((y + tileHeight) / downsampleY));
    double area = (double) (x1 - x0) * (y1 - y0);
    int cx0 = clamp(x0, width);
    int cx1 = clamp(x1, width);
    int cy0 = clamp(y0, height);
    int cy1 = clamp(y1, height);
    int stride = width + 1;
    int tissue =
        sums[cy1 * stride + cx1]
            - sums[cy0 * stride + cx1]
            - sums[cy1 * stride + cx0]
            + sums[cy0 * stride + cx0];
    return tissue / area;
  }

  private static int clamp(int value, int max) {
    return Math.max(0, Math.min(value, max));
  }
}
