package io.github.gpfm.sample.internal;

/** Fat cells: a jittered grid of round cells whose membranes are where two cells meet. */
final class Vacuoles {
  private static final int SPACING = 130;

  private Vacuoles() {}

  /** 1 on a membrane, falling to 0 inside a cell. */
  static float wall(long seed, double x, double y, Noise noise) {
    double wx = x + 10 * noise.at(x * 0.2, y * 0.2);
    double wy = y + 10 * noise.at(x * 0.2 + 40, y * 0.2);
    long cx = (long) Math.floor(wx / SPACING);
    long cy = (long) Math.floor(wy / SPACING);
    double nearest = Double.MAX_VALUE;
    double second = Double.MAX_VALUE;
    for (long j = cy - 1; j <= cy + 1; j++) {
      for (long i = cx - 1; i <= cx + 1; i++) {
        long hash = Noise.hash(seed + 5, i, j);
        double dx = (i + 0.15 + 0.7 * Noise.unit(hash, 0)) * SPACING - wx;
        double dy = (j + 0.15 + 0.7 * Noise.unit(hash, 1)) * SPACING - wy;
        double distance = dx * dx + dy * dy;
        if (distance < nearest) {
          second = nearest;
          nearest = distance;
        } else if (distance < second) {
          second = distance;
        }
      }
    }
    double gap = Math.sqrt(second) - Math.sqrt(nearest);
    return (float) Math.max(0, 1 - gap / 11);
  }
}
