package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Limits;
import java.util.ArrayList;
import java.util.List;
import org.locationtech.jts.algorithm.LineIntersector;
import org.locationtech.jts.algorithm.RobustLineIntersector;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.util.GeometryFixer;
import org.locationtech.jts.noding.MCIndexNoder;
import org.locationtech.jts.noding.SegmentIntersector;
import org.locationtech.jts.noding.SegmentString;
import org.locationtech.jts.noding.SegmentStringUtil;
import org.locationtech.jts.operation.overlayng.OverlayNG;
import org.locationtech.jts.operation.overlayng.OverlayNGRobust;

/**
 * Areas that people drew, as geometry that keeps the simple-features rules. What an outline that
 * crosses itself encloses belongs to it: both halves of a bow tie, the middle of a star.
 */
public final class Areas {
  /** Honest drawings have a handful; what has more costs time and memory without end. */
  static final int MAX_CROSSINGS = 100_000;

  private Areas() {}

  /**
   * One geometry that covers what the areas cover.
   *
   * @param areas polygons, valid or not
   * @throws TilingException if a coordinate is not finite, or the outlines cross each other so
   *     often that joining them would not end in reasonable time
   */
  public static Geometry union(List<Geometry> areas) {
    if (areas.isEmpty()) {
      return new GeometryFactory().createPolygon();
    }
    requireFinite(areas);
    requireFewCrossings(areas);
    Geometry all =
        areas.get(0).getFactory().buildGeometry(areas.stream().map(Areas::valid).toList());
    return OverlayNGRobust.union(all);
  }

  /** What belongs to one geometry and not to another; both as {@link #union} returns them. */
  public static Geometry difference(Geometry from, Geometry less) {
    return less.isEmpty() ? from : OverlayNGRobust.overlay(from, less, OverlayNG.DIFFERENCE);
  }

  /** The part of a geometry within another; both as {@link #union} returns them. */
  public static Geometry within(Geometry one, Geometry other) {
    return OverlayNGRobust.overlay(one, other, OverlayNG.INTERSECTION);
  }

  private static Geometry valid(Geometry drawn) {
    return drawn.isValid() ? drawn : GeometryFixer.fix(drawn);
  }

  private static void requireFinite(List<Geometry> areas) {
    for (Geometry area : areas) {
      for (Coordinate point : area.getCoordinates()) {
        if (!Double.isFinite(point.x) || !Double.isFinite(point.y)) {
          throw new TilingException("An area has a coordinate that is not a number.");
        }
      }
    }
  }

  private static void requireFewCrossings(List<Geometry> areas) {
    List<SegmentString> outlines = new ArrayList<>();
    for (Geometry area : areas) {
      for (Object outline : SegmentStringUtil.extractSegmentStrings(area)) {
        outlines.add((SegmentString) outline);
      }
    }
    Crossings crossings = new Crossings();
    new MCIndexNoder(crossings).computeNodes(outlines);
    if (crossings.exceeded()) {
      throw new TilingException(
          "The outlines of the areas cross themselves or each other too often (more than "
              + MAX_CROSSINGS
              + " times, or counting them takes too long): draw them simpler.");
    }
  }

  /** Counts where outlines cross, until there are too many or the time is over. */
  private static final class Crossings implements SegmentIntersector {
    private static final int LOOKS_AT_CLOCK = 1 << 12;

    private final LineIntersector lines = new RobustLineIntersector();
    private final long deadline = System.nanoTime() + Limits.defaults().time().toNanos() / 6;
    private long pairs;
    private int found;
    private boolean late;

    @Override
    public void processIntersections(SegmentString one, int i, SegmentString other, int j) {
      if (++pairs % LOOKS_AT_CLOCK == 0 && System.nanoTime() - deadline > 0) {
        late = true;
      }
      if (exceeded() || one == other && i == j) {
        return;
      }
      lines.computeIntersection(
          one.getCoordinate(i),
          one.getCoordinate(i + 1),
          other.getCoordinate(j),
          other.getCoordinate(j + 1));
      if (lines.isProper()) {
        found++;
      }
    }

    boolean exceeded() {
      return late || found > MAX_CROSSINGS;
    }

    @Override
    public boolean isDone() {
      return exceeded();
    }
  }
}
