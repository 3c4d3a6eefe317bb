package io.github.gpfm.sample.internal;

/** Amounts of stain on a square of level 0. */
final class Canvas {
  final int x0;
  final int y0;
  final int size;
  final float[] h;
  final float[] e;

  /** Factor that the tissue at a pixel puts on its stain; 0 on glass. */
  final float[] stain;

  /** Label of the tissue class at a pixel; 0 on glass. */
  final byte[] tissue;

  Canvas(int x0, int y0, int size) {
    this.x0 = x0;
    this.y0 = y0;
    this.size = size;
    this.h = new float[size * size];
    this.e = new float[size * size];
    this.stain = new float[size * size];
    this.tissue = new byte[size * size];
  }

  /**
   * Lays a soft-edged ellipse over what is there: its amounts replace smaller ones.
   *
   * @param x centre, level-0 pixels
   * @param y centre, level-0 pixels
   * @param a half axis along {@code angle}, pixels
   * @param b other half axis, pixels
   * @param angle radians
   * @param haematoxylin amount at its middle
   * @param eosin amount at its middle
   */
  void ellipse(
      double x, double y, double a, double b, double angle, float haematoxylin, float eosin) {
    double reach = Math.max(a, b) + 1;
    int left = (int) Math.max(0, Math.floor(x - x0 - reach));
    int right = (int) Math.min(size - 1, Math.ceil(x - x0 + reach));
    int top = (int) Math.max(0, Math.floor(y - y0 - reach));
    int bottom = (int) Math.min(size - 1, Math.ceil(y - y0 + reach));
    if (left > right || top > bottom) {
      return;
    }
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    for (int v = top; v <= bottom; v++) {
      for (int u = left; u <= right; u++) {
        double dx = u + x0 - x;
        double dy = v + y0 - y;
        double p = (dx * cos + dy * sin) / a;
        double q = (dy * cos - dx * sin) / b;
        double distance = p * p + q * q;
        if (distance < 1) {
          int at = v * size + u;
          // A rim a little denser than the middle, as chromatin lies at the nuclear membrane.
          float soft = (float) Math.min(1, (1 - distance) * 3.5);
          float body = soft * (float) (0.78 + 0.35 * distance);
          h[at] = Math.max(h[at], haematoxylin * body);
          e[at] = e[at] * (1 - 0.5f * soft) + eosin * 0.5f * soft;
        }
      }
    }
  }
}
