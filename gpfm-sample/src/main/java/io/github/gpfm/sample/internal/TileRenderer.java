package io.github.gpfm.sample.internal;

import io.github.gpfm.sample.TissueClass;

/**
 * Draws one square of level 0: amounts of haematoxylin and eosin per pixel, then their colour.
 * Neighbouring squares fit, since everything is a function of the place.
 */
final class TileRenderer {
  /** Distance of the points at which outline and classes are computed; between them linear. */
  private static final int LATTICE = 8;

  /** Depth over which the edge of a piece grows to full density, pixels. */
  private static final float EDGE = 14;

  private static final int[] GLASS = {243, 242, 245};

  private final Layout layout;
  private final Noise noise;

  TileRenderer(Layout layout) {
    this.layout = layout;
    this.noise = layout.noise();
  }

  /**
   * @param x0 left edge, pixels
   * @param y0 top edge, pixels
   * @param size edge, a multiple of 8
   * @return size x size pixels, 0xRRGGBB
   */
  int[] render(int x0, int y0, int size) {
    Canvas canvas = new Canvas(x0, y0, size);
    if (ground(canvas)) {
      new NucleiPainter(layout).paint(canvas);
    }
    for (Layout.Debris crumb : layout.debris()) {
      canvas.ellipse(
          crumb.x(),
          crumb.y(),
          crumb.length(),
          crumb.width(),
          crumb.angle(),
          (float) crumb.density(),
          (float) crumb.density() * 0.7f);
    }
    return develop(canvas);
  }

  /** Ground textures; returns whether there is tissue at all. */
  private boolean ground(Canvas canvas) {
    int cells = canvas.size / LATTICE;
    int n = cells + 1;
    float[] depth = new float[n * n];
    int[] piece = new int[n * n];
    float[][] scores = new float[n * n][];
    boolean tissue = false;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) {
        double x = canvas.x0 + i * LATTICE;
        double y = canvas.y0 + j * LATTICE;
        int at = j * n + i;
        piece[at] = layout.nearestPiece(x, y);
        Layout.Piece p = layout.pieces().get(piece[at]);
        depth[at] = (float) p.depth(x, y);
        if (depth[at] > -3 * LATTICE) {
          tissue = true;
          scores[at] = new float[Layout.CLASSES];
          layout.scores(p, x, y, scores[at]);
        }
      }
    }
    if (!tissue) {
      return false;
    }
    float[] claim = new float[Layout.CLASSES];
    for (int j = 0; j < cells; j++) {
      for (int i = 0; i < cells; i++) {
        int a = j * n + i;
        int b = a + 1;
        int c = a + n;
        int d = c + 1;
        if (Math.max(Math.max(depth[a], depth[b]), Math.max(depth[c], depth[d])) <= 0
            || scores[a] == null
            || scores[b] == null
            || scores[c] == null
            || scores[d] == null) {
          continue;
        }
        int known = Layout.argMax(scores[a]);
        boolean uniform =
            known == Layout.argMax(scores[b])
                && known == Layout.argMax(scores[c])
                && known == Layout.argMax(scores[d]);
        Layout.Piece p = layout.pieces().get(piece[a]);
        for (int v = 0; v < LATTICE; v++) {
          float fy = v / (float) LATTICE;
          for (int u = 0; u < LATTICE; u++) {
            float fx = u / (float) LATTICE;
            float here = mix(depth[a], depth[b], depth[c], depth[d], fx, fy);
            if (here <= 0) {
              continue;
            }
            int k = known;
            if (!uniform) {
              for (int q = 0; q < claim.length; q++) {
                claim[q] = mix(scores[a][q], scores[b][q], scores[c][q], scores[d][q], fx, fy);
              }
              k = Layout.argMax(claim);
            }
            pixel(canvas, i * LATTICE + u, j * LATTICE + v, here, k, p);
          }
        }
      }
    }
    return true;
  }

  private void pixel(Canvas canvas, int u, int v, float depth, int k, Layout.Piece piece) {
    double x = canvas.x0 + u;
    double y = canvas.y0 + v;
    int at = v * canvas.size + u;
    float grain = noise.at(x * 0.7, y * 0.7);
    float broad = noise.at(x * 0.11 + 71, y * 0.11);
    float h;
    float e;
    switch (TissueClass.values()[k]) {
      case STROMA -> {
        float fibre = fibres(x, y, piece.fibreAngle());
        e = 0.34f + 0.30f * Math.max(-0.6f, fibre) + 0.10f * broad;
        h = 0.06f + 0.03f * grain;
      }
      case TUMOUR -> {
        e = 0.42f + 0.10f * grain + 0.12f * broad;
        h = 0.24f + 0.08f * grain;
      }
      case LYMPHOCYTES -> {
        e = 0.24f + 0.08f * grain;
        h = 0.18f + 0.08f * grain + 0.06f * broad;
      }
      case GLANDS -> {
        Gland gland = Gland.at(layout.seed(), x, y, noise);
        if (gland.ring() < 0) {
          e = 0.05f + 0.03f * broad;
          h = 0.05f + 0.02f * broad;
        } else if (gland.ring() < 1) {
          e = 0.36f + 0.10f * grain;
          h = 0.20f + 0.08f * grain + 0.10f * gland.ring();
        } else {
          e = 0.34f + 0.24f * fibres(x, y, piece.fibreAngle());
          h = 0.06f + 0.03f * grain;
        }
      }
      case ADIPOSE -> {
        float wall = Vacuoles.wall(layout.seed(), x, y, noise);
        e = 0.045f + 0.45f * wall;
        h = 0.02f + 0.06f * wall;
      }
      case NECROSIS -> {
        float crumbs = Math.max(0, noise.at(x * 1.3 + 31, y * 1.3) - 0.35f);
        e = 0.52f + 0.16f * broad + 0.08f * grain;
        h = 0.10f + 0.9f * crumbs;
      }
      default -> throw new IllegalStateException("no texture for class " + k);
    }
    float ragged = depth / EDGE + 0.35f * broad;
    float density = (float) piece.stain() * Math.max(0.35f, Math.min(1, ragged));
    canvas.h[at] = Math.max(0, h) * density;
    canvas.e[at] = Math.max(0.02f, e) * density;
    canvas.stain[at] = density;
    canvas.tissue[at] = (byte) (k + 1);
  }

  private float fibres(double x, double y, double angle) {
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    double u = x * cos + y * sin;
    double v = y * cos - x * sin;
    v += 26 * noise.at(u * 0.10, v * 0.16);
    return 0.75f * noise.at(u * 0.08, v * 0.9) + 0.45f * noise.at(u * 0.25 + 90, v * 2.1);
  }

  private int[] develop(Canvas canvas) {
    int[] rgb = new int[canvas.size * canvas.size];
    for (int v = 0; v < canvas.size; v++) {
      for (int u = 0; u < canvas.size; u++) {
        int at = v * canvas.size + u;
        long sensor = Noise.hash(layout.seed() + 7, canvas.x0 + u, canvas.y0 + v);
        int value = 0;
        for (int c = 0; c < 3; c++) {
          float light = GLASS[c] * Stain.transmission(c, canvas.h[at], canvas.e[at]);
          light += (((sensor >>> (10 * c)) & 1023) - 511.5f) / 511.5f * 1.3f;
          value = value << 8 | Math.max(0, Math.min(255, Math.round(light)));
        }
        rgb[at] = value;
      }
    }
    for (Layout.Pen pen : layout.pens()) {
      ink(canvas, pen, rgb);
    }
    return rgb;
  }

  private void ink(Canvas canvas, Layout.Pen pen, int[] rgb) {
    double[][] line = pen.line();
    for (int i = 1; i < line.length; i++) {
      double ax = line[i - 1][0] - canvas.x0;
      double ay = line[i - 1][1] - canvas.y0;
      double bx = line[i][0] - canvas.x0;
      double by = line[i][1] - canvas.y0;
      double half = pen.width() / 2;
      int left = (int) Math.max(0, Math.min(ax, bx) - half);
      int right = (int) Math.min(canvas.size - 1, Math.max(ax, bx) + half);
      int top = (int) Math.max(0, Math.min(ay, by) - half);
      int bottom = (int) Math.min(canvas.size - 1, Math.max(ay, by) + half);
      double length = (bx - ax) * (bx - ax) + (by - ay) * (by - ay);
      for (int v = top; v <= bottom; v++) {
        for (int u = left; u <= right; u++) {
          double t = ((u - ax) * (bx - ax) + (v - ay) * (by - ay)) / length;
          t = Math.max(0, Math.min(1, t));
          double dx = u - ax - t * (bx - ax);
          double dy = v - ay - t * (by - ay);
          if (dx * dx + dy * dy < half * half) {
            int at = v * canvas.size + u;
            rgb[at] = cover(rgb[at], pen.rgb());
          }
        }
      }
    }
  }

  /** The darker of paper under ink and ink, so that crossing strokes do not darken. */
  private static int cover(int under, int ink) {
    int value = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int a = (under >> shift) & 255;
      int b = (ink >> shift) & 255;
      value = value << 8 | Math.min(a, b + (255 - b) / 6);
    }
    return value;
  }

  private static float mix(float a, float b, float c, float d, float fx, float fy) {
    float top = a + fx * (b - a);
    float bottom = c + fx * (d - c);
    return top + fy * (bottom - top);
  }
}
