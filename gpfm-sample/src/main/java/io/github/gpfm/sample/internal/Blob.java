package io.github.gpfm.sample.internal;

import java.util.random.RandomGenerator;

/**
 * A star-shaped outline: radius as a function of the angle, smooth and closed.
 *
 * @param x centre, level-0 pixels
 * @param y centre, level-0 pixels
 * @param radius mean radius, level-0 pixels
 * @param stretch axis ratio along {@code angle}
 * @param angle direction of the longer axis, radians
 * @param outline factor on the radius at equally spaced angles
 */
record Blob(double x, double y, double radius, double stretch, double angle, double[] outline) {
  private static final int STEPS = 360;

  static Blob random(RandomGenerator random, double x, double y, double radius, double roughness) {
    double[] outline = new double[STEPS];
    java.util.Arrays.fill(outline, 1);
    for (int k = 2; k <= 30; k++) {
      double amplitude = roughness * (random.nextDouble() - 0.5) * 2 / (k - 0.5);
      double phase = random.nextDouble() * 2 * Math.PI;
      for (int i = 0; i < STEPS; i++) {
        outline[i] += amplitude * StrictMath.sin(k * 2 * Math.PI * i / STEPS + phase);
      }
    }
    return new Blob(
        x, y, radius, 1 + 0.45 * random.nextDouble(), random.nextDouble() * Math.PI, outline);
  }

  /** About the distance to the outline in pixels: positive inside, negative outside. */
  double depth(double px, double py) {
    double dx = px - x;
    double dy = py - y;
    double reach = radius * stretch * 1.8;
    if (Math.abs(dx) > reach || Math.abs(dy) > reach) {
      return -Math.max(Math.abs(dx), Math.abs(dy)) + reach * 0.5;
    }
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double u = (dx * cos + dy * sin) / stretch;
    double v = -dx * sin + dy * cos;
    double distance = Math.sqrt(u * u + v * v);
    double at = StrictMath.atan2(v, u) / (2 * Math.PI) * STEPS + STEPS;
    int i = (int) at;
    double f = at - i;
    double edge = outline[i % STEPS] * (1 - f) + outline[(i + 1) % STEPS] * f;
    return radius * edge - distance;
  }

  /** The outline as a closed ring of x, y pairs in level-0 pixels. */
  double[][] ring() {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double[][] ring = new double[STEPS + 1][];
    for (int i = 0; i <= STEPS; i++) {
      double t = 2 * Math.PI * (i % STEPS) / STEPS;
      double r = radius * outline[i % STEPS];
      double u = r * StrictMath.cos(t) * stretch;
      double v = r * StrictMath.sin(t);
      ring[i] = new double[] {x + u * cos - v * sin, y + u * sin + v * cos};
    }
    return ring;
  }
}
