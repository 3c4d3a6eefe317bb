package io.github.gpfm.sample.internal;

import io.github.gpfm.sample.TissueClass;

/** Cell nuclei on a jittered grid per class. */
final class NucleiPainter {
  /**
   * How the nuclei of a class look.
   *
   * @param spacing mean distance, pixels
   * @param share part of the grid's places that hold one
   * @param radius mean half axis, pixels
   * @param spread relative variation of the radius
   * @param stretch mean axis ratio
   * @param density amount of haematoxylin
   */
  private record Look(
      TissueClass tissue,
      int spacing,
      double share,
      double radius,
      double spread,
      double stretch,
      double density) {}

  private static final Look[] LOOKS = {
    new Look(TissueClass.STROMA, 62, 0.55, 6.5, 0.3, 2.6, 0.95),
    new Look(TissueClass.TUMOUR, 38, 0.93, 14, 0.35, 1.25, 0.95),
    new Look(TissueClass.LYMPHOCYTES, 25, 0.95, 10, 0.15, 1.08, 1.45),
    new Look(TissueClass.ADIPOSE, 120, 0.45, 5, 0.3, 2.2, 0.8),
    new Look(TissueClass.NECROSIS, 55, 0.35, 4.5, 0.5, 1.4, 1.1),
    new Look(TissueClass.GLANDS, 66, 0.5, 6.5, 0.3, 2.2, 0.9),
  };

  private final Layout layout;

  NucleiPainter(Layout layout) {
    this.layout = layout;
  }

  void paint(Canvas canvas) {
    for (Look look : LOOKS) {
      scatter(canvas, look);
    }
    ringNuclei(canvas);
  }

  private void scatter(Canvas canvas, Look look) {
    double reach = look.radius() * look.stretch() * 2;
    long left = (long) Math.floor((canvas.x0 - reach) / look.spacing()) - 1;
    long right = (long) Math.floor((canvas.x0 + canvas.size + reach) / look.spacing()) + 1;
    long top = (long) Math.floor((canvas.y0 - reach) / look.spacing()) - 1;
    long bottom = (long) Math.floor((canvas.y0 + canvas.size + reach) / look.spacing()) + 1;
    int k = look.tissue().ordinal();
    for (long j = top; j <= bottom; j++) {
      for (long i = left; i <= right; i++) {
        long place = Noise.hash(layout.seed() + 11 + k, i, j);
        if (Noise.unit(place, 2) > look.share()) {
          continue;
        }
        double x = (i + 0.1 + 0.8 * Noise.unit(place, 0)) * look.spacing();
        double y = (j + 0.1 + 0.8 * Noise.unit(place, 1)) * look.spacing();
        if (layout.classAt(x, y) != k) {
          continue;
        }
        if (look.tissue() == TissueClass.GLANDS
            && Gland.at(layout.seed(), x, y, layout.noise()).ring() < 1.1) {
          continue;
        }
        long shape = Noise.hash(layout.seed() + 23 + k, i, j);
        nucleus(canvas, look, x, y, shape);
      }
    }
  }

  private void nucleus(Canvas canvas, Look look, double x, double y, long shape) {
    Layout.Piece piece = layout.pieces().get(layout.nearestPiece(x, y));
    double radius = look.radius() * (1 + look.spread() * (2 * Noise.unit(shape, 0) - 1));
    double stretch = 1 + (look.stretch() - 1) * (0.6 + 0.8 * Noise.unit(shape, 1));
    // Spindle nuclei follow the fibres, round ones lie anyhow.
    double angle =
        look.stretch() > 2
            ? piece.fibreAngle() + 0.7 * (Noise.unit(shape, 2) - 0.5)
            : Math.PI * Noise.unit(shape, 2);
    double density = look.density() * (0.75 + 0.5 * Noise.unit(shape, 3)) * piece.stain();
    canvas.ellipse(
        x, y, radius * stretch, radius, angle, (float) density, (float) (0.22 * piece.stain()));
    if (look.tissue() == TissueClass.TUMOUR) {
      double nx = x + radius * 0.4 * (Noise.unit(shape, 3) - 0.5);
      double ny = y + radius * 0.4 * (Noise.unit(shape, 0) - 0.5);
      canvas.ellipse(nx, ny, 4, 3.5, angle, (float) density * 1.6f, (float) (0.5 * piece.stain()));
    }
  }

  private void ringNuclei(Canvas canvas) {
    long reach = Gland.SPACING;
    long left = Math.floorDiv(canvas.x0 - reach, Gland.SPACING);
    long right = Math.floorDiv(canvas.x0 + canvas.size + reach, Gland.SPACING);
    long top = Math.floorDiv(canvas.y0 - reach, Gland.SPACING);
    long bottom = Math.floorDiv(canvas.y0 + canvas.size + reach, Gland.SPACING);
    for (long j = top; j <= bottom; j++) {
      for (long i = left; i <= right; i++) {
        ring(canvas, Gland.of(layout.seed(), i, j));
      }
    }
  }

  private void ring(Canvas canvas, Gland gland) {
    double radius = gland.lumen() + 0.68 * gland.wall();
    int count = (int) (2 * Math.PI * radius / 19);
    for (int n = 0; n < count; n++) {
      long shape = Noise.hash(layout.seed() + 41, (long) gland.x(), (long) gland.y() * 512 + n);
      double t = 2 * Math.PI * (n + 0.4 * Noise.unit(shape, 0)) / count;
      double r = radius + 8 * (Noise.unit(shape, 1) - 0.5);
      double x = gland.x() + r * StrictMath.cos(t);
      double y = gland.y() + r * StrictMath.sin(t);
      // The wall is pushed in and out by noise; the nuclei go with it.
      double push = 14 * layout.noise().at(x * 0.3 + 11, y * 0.3);
      x -= push * StrictMath.cos(t);
      y -= push * StrictMath.sin(t);
      if (layout.classAt(x, y) != TissueClass.GLANDS.ordinal()
          || Math.abs(Gland.at(layout.seed(), x, y, layout.noise()).ring() - 0.68) > 0.3) {
        continue;
      }
      double stain = layout.pieces().get(layout.nearestPiece(x, y)).stain();
      double density = (1.0 + 0.4 * Noise.unit(shape, 2)) * stain;
      canvas.ellipse(
          x, y, 13 + 4 * Noise.unit(shape, 3), 7.5, t, (float) density, (float) (0.25 * stain));
    }
  }
}
