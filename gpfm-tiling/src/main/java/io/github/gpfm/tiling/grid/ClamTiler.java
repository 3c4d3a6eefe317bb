package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.internal.PatcherLevel;
import io.github.gpfm.tiling.internal.RegionLocator;
import io.github.gpfm.tiling.tissue.Contour;
import io.github.gpfm.tiling.tissue.Tissue;
import io.github.gpfm.tiling.tissue.TissueRegion;
import java.util.stream.LongStream;

/**
 * The official patcher's tiles ({@code WholeSlideImage.process_contours} of CLAM and GPFM), in its
 * order: piece by piece, each on its own grid that starts at the corner of its bounding rectangle,
 * column by column.
 *
 * <p>As in the original, a piece that yields fewer than two tiles yields none, the downsample of
 * the patch level is truncated to an integer, and tiles of neighbouring pieces may overlap.
 *
 * @param patchLevel {@code patch_level}: level the tiles are read from; a slide of one level has
 *     the original's virtual levels
 * @param patchSize {@code patch_size}: edge of a tile, pixels of that level
 * @param stepSize {@code step_size}: distance of neighbouring tiles, pixels of that level
 * @param usePadding {@code use_padding}: whether tiles may reach beyond the slide's edge
 * @param contourTest {@code contour_fn}
 */
public record ClamTiler(
    int patchLevel, int patchSize, int stepSize, boolean usePadding, ContourTest contourTest)
    implements Tiler {
  /** The official defaults: level 0, 256 pixels, no overlap, padding, {@code four_pt}. */
  public static final ClamTiler OFFICIAL = new ClamTiler(0, 256, 256, true, ContourTest.FOUR_PT);

  /** Checks that level and sizes are possible. */
  public ClamTiler {
    if (patchLevel < 0 || patchSize < 1 || stepSize < 1) {
      throw new InvalidOptionException(
              "patchLevel must be 0 or more and patchSize and stepSize 1 or more, not "
                  + patchLevel
                  + ", "
                  + patchSize
                  + " and "
                  + stepSize
                  + ".")
          .about("patchLevel", "patchSize", "stepSize");
    }
  }

  /** These options with another tile edge and no overlap. */
  public ClamTiler withPatchSize(int size) {
    return new ClamTiler(patchLevel, size, size, usePadding, contourTest);
  }

  @Override
  public String name() {
    return "clam";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("patch_level", patchLevel)
        .add("patch_size", patchSize)
        .add("step_size", stepSize)
        .add("use_padding", usePadding)
        .add("contour_fn", contourTest.label());
  }

  @Override
  public TileGrid tile(Slide slide, Tissue tissue) {
    PatcherLevel level = PatcherLevel.of(slide, patchLevel, "patchLevel");
    int downsampleX = (int) level.downsampleX();
    int downsampleY = (int) level.downsampleY();
    long sizeX = (long) patchSize * downsampleX;
    long sizeY = (long) patchSize * downsampleY;
    LongStream.Builder coords = LongStream.builder();
    for (TissueRegion region : tissue.regions()) {
      LongStream.Builder ofRegion = LongStream.builder();
      Contour.Bounds bounds = region.outline().bounds();
      long stopX = (long) bounds.x() + bounds.width();
      long stopY = (long) bounds.y() + bounds.height();
      if (!usePadding) {
        stopX = Math.min(stopX, slide.width() - sizeX + 1);
        stopY = Math.min(stopY, slide.height() - sizeY + 1);
      }
      RegionLocator locator = new RegionLocator(region);
      int found = 0;
      for (long x = bounds.x(); x < stopX; x += (long) stepSize * downsampleX) {
        for (long y = bounds.y(); y < stopY; y += (long) stepSize * downsampleY) {
          // The original measures the tile by its width on both axes.
          if (contourTest.accepts(locator, x, y, sizeX, sizeX)) {
            ofRegion.add(x).add(y);
            found++;
          }
        }
      }
      if (found > 1) {
        ofRegion.build().forEach(coords::add);
      }
    }
    return TileGrid.of(geometry(slide, level), coords.build().toArray());
  }

  private TileGeometry geometry(Slide slide, PatcherLevel level) {
    double size = patchSize * level.downsampleX();
    double step = stepSize * level.downsampleX();
    double mpp = slide.mpp().map(value -> value.mean() * level.downsampleX()).orElse(Double.NaN);
    int read = level.virtual() ? (int) (patchSize * level.downsampleX()) : patchSize;
    return new TileGeometry(level.virtual() ? 0 : level.index(), read, patchSize, size, step, mpp);
  }
}
