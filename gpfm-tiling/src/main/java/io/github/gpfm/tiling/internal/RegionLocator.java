package io.github.gpfm.tiling.internal;

import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.List;
import org.locationtech.jts.algorithm.locate.IndexedPointInAreaLocator;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Location;

/**
 * Answers quickly whether points lie in a piece of tissue, with the meaning of OpenCV's {@code
 * pointPolygonTest}: even-odd rule, the contour itself told apart.
 */
public final class RegionLocator {
  private final TissueRegion region;
  private final IndexedPointInAreaLocator outline;
  private final List<IndexedPointInAreaLocator> holes;

  /**
   * @param region the piece of tissue
   */
  public RegionLocator(TissueRegion region) {
    this.region = region;
    outline = locator(region.outline());
    holes = region.holes().stream().map(RegionLocator::locator).toList();
  }

  /** The piece of tissue. */
  public TissueRegion region() {
    return region;
  }

  /** Whether a point lies inside the outline or on it; holes are not looked at. */
  public boolean covers(double x, double y) {
    return outline.locate(new Coordinate(x, y)) != Location.EXTERIOR;
  }

  /** Whether a point lies strictly inside a hole. */
  public boolean inHole(double x, double y) {
    Coordinate point = new Coordinate(x, y);
    for (IndexedPointInAreaLocator hole : holes) {
      if (hole.locate(point) == Location.INTERIOR) {
        return true;
      }
    }
    return false;
  }

  private static IndexedPointInAreaLocator locator(Contour contour) {
    return new IndexedPointInAreaLocator(contour.toRing());
  }
}
