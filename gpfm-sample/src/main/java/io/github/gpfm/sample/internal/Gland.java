package io.github.gpfm.sample.internal;

/**
 * The gland that a place belongs to.
 *
 * @param x centre, level-0 pixels
 * @param y centre, level-0 pixels
 * @param lumen radius of the clear middle, pixels
 * @param wall thickness of the ring of cells, pixels
 * @param ring where the place lies: below 0 in the lumen, 0 to 1 within the wall, above 1 outside
 */
record Gland(double x, double y, double lumen, double wall, float ring) {
  /** Distance of neighbouring glands, pixels. */
  static final int SPACING = 300;

  static Gland at(long seed, double x, double y, Noise noise) {
    long cx = (long) Math.floor(x / SPACING);
    long cy = (long) Math.floor(y / SPACING);
    Gland nearest = null;
    for (long j = cy - 1; j <= cy + 1; j++) {
      for (long i = cx - 1; i <= cx + 1; i++) {
        Gland gland = of(seed, i, j).seenFrom(x, y, noise);
        if (nearest == null || gland.ring() < nearest.ring()) {
          nearest = gland;
        }
      }
    }
    if (nearest == null) {
      throw new IllegalStateException("no gland near " + x + ", " + y);
    }
    return nearest;
  }

  /** The gland of a cell of the grid, {@code ring} not meaningful. */
  static Gland of(long seed, long i, long j) {
    long hash = Noise.hash(seed + 3, i, j);
    return new Gland(
        (i + 0.3 + 0.4 * Noise.unit(hash, 0)) * SPACING,
        (j + 0.3 + 0.4 * Noise.unit(hash, 1)) * SPACING,
        30 + 50 * Noise.unit(hash, 2),
        38 + 14 * Noise.unit(hash, 3),
        0);
  }

  private Gland seenFrom(double px, double py, Noise noise) {
    double dx = px - x;
    double dy = py - y;
    double distance = Math.sqrt(dx * dx + dy * dy) + 14 * noise.at(px * 0.3 + 11, py * 0.3);
    return new Gland(x, y, lumen, wall, (float) ((distance - lumen) / wall));
  }
}
