package io.github.gpfm.api;

/**
 * Resolution of level 0 in micrometres per pixel.
 *
 * @param x µm per pixel along a row, finite and positive
 * @param y µm per pixel along a column, finite and positive
 * @param source the evidence
 */
public record Mpp(double x, double y, MppSource source) {
  /** Checks the ranges given above. */
  public Mpp {
    if (!(x > 0) || !(y > 0) || Double.isInfinite(x) || Double.isInfinite(y)) {
      throw new IllegalArgumentException("impossible resolution: " + x + " x " + y + " um/px");
    }
  }

  /** Mean of x and y, µm per pixel. */
  public double mean() {
    return (x + y) / 2;
  }
}
