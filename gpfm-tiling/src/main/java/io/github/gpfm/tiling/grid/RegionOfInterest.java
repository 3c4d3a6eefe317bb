package io.github.gpfm.tiling.grid;

import java.util.List;
import java.util.Optional;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.Location;
import org.locationtech.jts.operation.union.UnaryUnionOp;

/**
 * Where tiles may lie: inside the areas to include, if there are any, and not inside those to
 * exclude. Tiles are judged by their centre. Thread-safe.
 */
public final class RegionOfInterest {
  private final Optional<IndexedPointInAreaLocator> include;
  private final Optional<IndexedPointInAreaLocator> exclude;
  private final String description;

  private RegionOfInterest(
      Optional<IndexedPointInAreaLocator> include,
      Optional<IndexedPointInAreaLocator> exclude,
      String description) {
    this.include = include;
    this.exclude = exclude;
    this.description = description;
  }

  /**
   * @param include areas in level-0 pixels; everywhere when there is none
   * @param exclude areas in level-0 pixels
   */
  public static RegionOfInterest of(List<Geometry> include, List<Geometry> exclude) {
    return new RegionOfInterest(
        locator(include),
        locator(exclude),
        Integer.toHexString(include.toString().hashCode())
            + "-"
            + Integer.toHexString(exclude.toString().hashCode()));
  }

  /** Whether a point, in level-0 pixels, may be the centre of a tile. */
  public boolean contains(double x, double y) {
    Coordinate point = new Coordinate(x, y);
    return (include.isEmpty() || include.get().locate(point) != Location.EXTERIOR)
        && (exclude.isEmpty() || exclude.get().locate(point) == Location.EXTERIOR);
  }

  /** The same text for the same areas. */
  @Override
  public String toString() {
    return "RegionOfInterest[" + description + "]";
  }

  private static Optional<IndexedPointInAreaLocator> locator(List<Geometry> areas) {
    if (areas.isEmpty()) {
      return Optional.empty();
    }
    // Buffering by nothing mends self-touching hand-drawn outlines.
    List<Geometry> mended = areas.stream().map(area -> area.buffer(0)).toList();
    Geometry union = UnaryUnionOp.union(mended, new GeometryFactory());
    return Optional.of(new IndexedPointInAreaLocator(union));
  }
}
