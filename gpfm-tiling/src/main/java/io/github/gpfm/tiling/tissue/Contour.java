package io.github.gpfm.tiling.tissue;

import java.util.Arrays;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LinearRing;

/**
 * A closed contour of integer points in level-0 pixels, in the order in which it was traced; the
 * last point is joined to the first. Immutable.
 */
public final class Contour {
  /**
   * The smallest upright rectangle of whole pixels around a contour, as OpenCV's {@code
   * boundingRect} counts it: a single point has width and height 1.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param width pixels
   * @param height pixels
   */
  public record Bounds(int x, int y, int width, int height) {}

  private static final GeometryFactory GEOMETRY = new GeometryFactory();

  private final int[] points;

  private Contour(int[] points) {
    this.points = points;
  }

  /**
   * @param points x0, y0, x1, y1, … in level-0 pixels, at least one point; copied
   * @throws IllegalArgumentException if there is no point or half a point
   */
  public static Contour of(int... points) {
    if (points.length == 0 || points.length % 2 != 0) {
      throw new IllegalArgumentException("contour points must be x, y pairs: " + points.length);
    }
    return new Contour(points.clone());
  }

  /** Number of points. */
  public int size() {
    return points.length / 2;
  }

  /** x of point {@code i}, level-0 pixels. */
  public int x(int i) {
    return points[2 * i];
  }

  /** y of point {@code i}, level-0 pixels. */
  public int y(int i) {
    return points[2 * i + 1];
  }

  /** A copy of the points: x0, y0, x1, y1, …. */
  public int[] points() {
    return points.clone();
  }

  /** The bounding rectangle. */
  public Bounds bounds() {
    int minX = Integer.MAX_VALUE;
    int minY = Integer.MAX_VALUE;
    int maxX = Integer.MIN_VALUE;
    int maxY = Integer.MIN_VALUE;
    for (int i = 0; i < points.length; i += 2) {
      minX = Math.min(minX, points[i]);
      maxX = Math.max(maxX, points[i]);
      minY = Math.min(minY, points[i + 1]);
      maxY = Math.max(maxY, points[i + 1]);
    }
    return new Bounds(minX, minY, maxX - minX + 1, maxY - minY + 1);
  }

  /** Enclosed area in square level-0 pixels (Green's formula, as OpenCV's {@code contourArea}). */
  public double area() {
    double sum = 0;
    double previousX = points[points.length - 2];
    double previousY = points[points.length - 1];
    for (int i = 0; i < points.length; i += 2) {
      double x = points[i];
      double y = points[i + 1];
      sum += previousX * y - previousY * x;
      previousX = x;
      previousY = y;
    }
    return Math.abs(sum) / 2;
  }

  /** The contour as a closed ring; one of one or two points has no area. */
  public LinearRing toRing() {
    int count = Math.max(2, size());
    Coordinate[] ring = new Coordinate[count + 1];
    for (int i = 0; i <= count; i++) {
      int k = i % count % size();
      ring[i] = new Coordinate(x(k), y(k));
    }
    return GEOMETRY.createLinearRing(ring);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Contour that && Arrays.equals(points, that.points);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(points);
  }

  @Override
  public String toString() {
    return "Contour[" + size() + " points, " + bounds() + "]";
  }
}
