package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.internal.RegionLocator;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueMask;
import java.util.List;

/** Which tiles of a {@link GridTiler} belong to tissue. */
public sealed interface TileTest {
  /** A test made ready for one slide's tissue; used by one thread. */
  @FunctionalInterface
  interface OnTissue {
    /**
     * @param x left edge, level-0 pixels
     * @param y top edge, level-0 pixels
     */
    boolean accepts(long x, long y);
  }

  /**
   * Makes the test ready.
   *
   * @param tissue the slide's tissue
   * @param width of a tile, level-0 pixels
   * @param height of a tile, level-0 pixels
   */
  OnTissue on(Tissue tissue, double width, double height);

  /** Every tile, tissue or not. */
  record Everywhere() implements TileTest {
    @Override
    public OnTissue on(Tissue tissue, double width, double height) {
      return (x, y) -> true;
    }
  }

  /**
   * A tile belongs if an official contour function says so for one of the pieces.
   *
   * @param contourTest the function
   */
  record InContour(ContourTest contourTest) implements TileTest {
    @Override
    public OnTissue on(Tissue tissue, double width, double height) {
      List<RegionLocator> regions = tissue.regions().stream().map(RegionLocator::new).toList();
      List<Contour.Bounds> bounds =
          tissue.regions().stream().map(region -> region.outline().bounds()).toList();
      long edgeX = Math.max(1, Math.round(width));
      long edgeY = Math.max(1, Math.round(height));
      return (x, y) -> {
        for (int i = 0; i < regions.size(); i++) {
          Contour.Bounds box = bounds.get(i);
          boolean near =
              x <= (long) box.x() + box.width()
                  && y <= (long) box.y() + box.height()
                  && x + edgeX >= box.x()
                  && y + edgeY >= box.y();
          if (near && contourTest.accepts(regions.get(i), x, y, edgeX, edgeY)) {
            return true;
          }
        }
        return false;
      };
    }
  }

  /**
   * A tile belongs if at least this part of it is tissue, measured on the segmentation's raster.
   *
   * @param fraction more than 0, at most 1
   */
  record MinTissueFraction(double fraction) implements TileTest {
    /** Checks the range. */
    public MinTissueFraction {
      if (!(fraction > 0 && fraction <= 1)) {
        throw new InvalidOptionException(
                "The least fraction of tissue must be more than 0 and at most 1, not "
                    + fraction
                    + ".")
            .about("MinTissueFraction.fraction");
      }
    }

    @Override
    public OnTissue on(Tissue tissue, double width, double height) {
      TissueMask mask = TissueMask.of(tissue);
      return (x, y) -> mask.fraction(x, y, width, height) >= fraction;
    }
  }
}
