package io.github.gpfm.tiling.internal;

import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.TissueRegion;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.util.GeometryFixer;

/** Turns traced contours into polygons that keep the simple-features rules. */
public final class Polygons {
  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private Polygons() {}

  /**
   * The region as a valid polygon, in level-0 pixels: as traced where that is valid, else mended
   * (outlines that touch themselves are parted), which can give a multipolygon or nothing.
   */
  public static Geometry of(TissueRegion region) {
    LinearRing[] holes =
        region.holes().stream()
            .filter(hole -> hole.area() > 0)
            .map(Contour::toRing)
            .toArray(LinearRing[]::new);
    Polygon polygon = GEOMETRY.createPolygon(region.outline().toRing(), holes);
    return polygon.isValid() ? polygon : GeometryFixer.fix(polygon);
  }

  /** An upright rectangle. */
  public static Polygon rectangle(double x, double y, double width, double height) {
    return (Polygon)
        GEOMETRY.toGeometry(new org.locationtech.jts.geom.Envelope(x, x + width, y, y + height));
  }
}
