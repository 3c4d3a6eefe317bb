package io.github.gpfm.distill.data;

/**
 * Where in its tile a crop lies: a box in shares of the tile's width and height, cut out, then
 * mirrored left to right, then turned clockwise.
 *
 * @param left of the box, 0 to 1
 * @param top of the box, 0 to 1
 * @param width of the box, more than 0
 * @param height of the box, more than 0
 * @param mirrored whether the box was mirrored
 * @param turns quarter turns, 0 to 3
 */
public record CropGeometry(
    double left, double top, double width, double height, boolean mirrored, int turns) {
  /** The tile itself. */
  public static final CropGeometry WHOLE = new CropGeometry(0, 0, 1, 1, false, 0);

  /** A point of the tile, shares of its width and height. */
  public record Point(double x, double y) {}

  /**
   * Where a point of the crop lies in the tile.
   *
   * @param x share of the crop's width, 0 to 1
   * @param y share of the crop's height, 0 to 1
   */
  public Point inTile(double x, double y) {
    double u = x;
    double v = y;
    for (int k = 0; k < turns; k++) {
      double before = u;
      u = v;
      v = 1 - before;
    }
    return new Point(left + (mirrored ? 1 - u : u) * width, top + v * height);
  }
}
