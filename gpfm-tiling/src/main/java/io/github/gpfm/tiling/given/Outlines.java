package io.github.gpfm.tiling.given;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.internal.Areas;
import io.github.gpfm.tiling.internal.Polygons;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Polygon;

/** Turns a valid geometry into pieces of tissue. */
final class Outlines {
  private Outlines() {}

  /**
   * The pieces within the slide, in the geometry's order, points rounded to whole pixels.
   *
   * @param area polygons in level-0 pixels
   * @param width of the slide
   * @param height of the slide
   * @param file for messages
   * @param slide for messages
   * @throws TilingException if all of it lies outside the slide
   */
  static List<TissueRegion> regions(Geometry area, long width, long height, Path file, Path slide) {
    Geometry inside = Areas.within(area, Polygons.rectangle(0, 0, width, height));
    if (inside.getArea() == 0 && area.getArea() > 0) {
      throw new TilingException(
          "The areas of %s lie outside %s: they are not this slide's, or not in level-0 pixels."
              .formatted(file, slide));
    }
    List<TissueRegion> regions = new ArrayList<>();
    for (int i = 0; i < inside.getNumGeometries(); i++) {
      if (inside.getGeometryN(i) instanceof Polygon polygon && !polygon.isEmpty()) {
        Contour outline = contour(polygon.getExteriorRing());
        if (outline.area() > 0) {
          regions.add(new TissueRegion(outline, holes(polygon)));
        }
      }
    }
    return regions;
  }

  private static List<Contour> holes(Polygon polygon) {
    List<Contour> holes = new ArrayList<>();
    for (int i = 0; i < polygon.getNumInteriorRing(); i++) {
      Contour hole = contour(polygon.getInteriorRingN(i));
      if (hole.area() > 0) {
        holes.add(hole);
      }
    }
    holes.sort(Comparator.comparingDouble(Contour::area).reversed());
    return holes;
  }

  private static Contour contour(LinearRing ring) {
    Coordinate[] points = ring.getCoordinates();
    int[] xy = new int[2 * (points.length - 1)];
    for (int i = 0; i + 1 < points.length; i++) {
      xy[2 * i] = (int) Math.round(points[i].x);
      xy[2 * i + 1] = (int) Math.round(points[i].y);
    }
    return Contour.of(xy);
  }
}
