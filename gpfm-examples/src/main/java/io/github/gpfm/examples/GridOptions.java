package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.format.GeoJson;
import io.github.gpfm.tiling.given.CoordsTiler;
import io.github.gpfm.tiling.given.ExpectedTiles;
import io.github.gpfm.tiling.given.ExpectedTiles.Property;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTest;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.segment.TilingPreset;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How tiles are laid: the official patcher's way (pixels of a level) or at a resolution, which
 * contradict each other; or where they are taken from.
 */
final class GridOptions {
  @Option(
      names = "--patch-level",
      paramLabel = "N",
      description = "Official grid: level tiles are read from (default 0).")
  private @Nullable Integer patchLevel;

  @Option(
      names = "--patch-size",
      paramLabel = "PX",
      description = "Official grid: edge of a tile, pixels of that level (default 256).")
  private @Nullable Integer patchSize;

  @Option(
      names = "--step-size",
      paramLabel = "PX",
      description = "Official grid: distance of tiles (default: the patch size).")
  private @Nullable Integer stepSize;

  @Option(
      names = "--use-padding",
      negatable = true,
      description = "Whether tiles may reach beyond the slide (default: they may).")
  private @Nullable Boolean usePadding;

  @Option(
      names = "--contour-fn",
      paramLabel = "NAME",
      description = "Tile test: four_pt, center, basic or four_pt_hard (default four_pt).")
  private @Nullable String contourFn;

  @Option(
      names = "--tile-size",
      paramLabel = "PX",
      description = "Grid at a resolution: edge of a tile, pixels at --mpp.")
  private @Nullable Integer tileSize;

  @Option(
      names = "--mpp",
      paramLabel = "UM",
      description = "Grid at a resolution: um per pixel of the tiles.")
  private @Nullable Double mpp;

  @Option(
      names = "--magnification",
      paramLabel = "X",
      description = "Grid at a resolution: objective power of the tiles instead of --mpp.")
  private @Nullable Double magnification;

  @Option(
      names = "--overlap",
      paramLabel = "PX",
      description = "Grid at a resolution: pixels neighbours share (default 0).")
  private @Nullable Integer overlap;

  @Option(
      names = "--min-tissue",
      paramLabel = "F",
      description =
          "Grid at a resolution: least part of a tile that is tissue, instead of"
              + " --contour-fn.")
  private @Nullable Double minTissue;

  @Option(
      names = "--roi",
      paramLabel = "F.geojson",
      description = "Grid at a resolution: only tiles with their centre in these areas (QuPath).")
  private @Nullable Path roi;

  @Option(
      names = "--coords",
      paramLabel = "PATH",
      description = {
        "Take the tiles from this, and lay none: a coordinate file of CLAM, TRIDENT or gpfm, or a",
        "folder with one for each slide (NAME.h5, NAME_patches.h5, the same in patches/). Options",
        "of the grid beside it are compared with the file. Without --segmenter or --mask no tissue",
        "is looked for."
      })
  private @Nullable Path coords;

  /** Where the tiles come from, if they are not laid. */
  Optional<Path> coords() {
    return Optional.ofNullable(coords);
  }

  private CoordsTiler given(Path source, Optional<TilingPreset> preset) {
    String laying =
        first(
            "--use-padding",
            usePadding,
            "--contour-fn",
            contourFn,
            "--min-tissue",
            minTissue,
            "--roi",
            roi,
            "--preset",
            preset.orElse(null));
    if (!laying.isEmpty()) {
      throw new InvalidOptionException(
          laying + " chooses where tiles are laid and contradicts --coords, which gives them.");
    }
    Map<Property, Double> expected = new EnumMap<>(Property.class);
    expect(expected, Property.PATCH_LEVEL, patchLevel);
    expect(expected, Property.PATCH_SIZE, patchSize);
    expect(expected, Property.STEP_SIZE, stepSize);
    expect(expected, Property.TILE_SIZE, tileSize);
    expect(expected, Property.MPP, mpp);
    expect(expected, Property.MAGNIFICATION, magnification);
    expect(expected, Property.OVERLAP, overlap);
    return new CoordsTiler(source, new ExpectedTiles(expected));
  }

  private static void expect(
      Map<Property, Double> expected, Property property, @Nullable Number value) {
    if (value != null) {
      expected.put(property, value.doubleValue());
    }
  }

  /**
   * The tiler asked for.
   *
   * @param preset supplies padding and test where they are not given
   * @param defaultSize tile edge where neither grid is asked for; 0 for the official grid
   * @param defaultMpp its resolution
   */
  Tiler tiler(Optional<TilingPreset> preset, int defaultSize, double defaultMpp) {
    if (coords != null) {
      return given(coords, preset);
    }
    String official =
        first("--patch-size", patchSize, "--patch-level", patchLevel, "--step-size", stepSize);
    String resolution =
        first(
            "--tile-size",
            tileSize,
            "--mpp",
            mpp,
            "--magnification",
            magnification,
            "--overlap",
            overlap,
            "--min-tissue",
            minTissue,
            "--roi",
            roi);
    if (!official.isEmpty() && !resolution.isEmpty()) {
      throw new InvalidOptionException(
          official
              + " and "
              + resolution
              + " contradict each other: use --patch-level, --patch-size and --step-size, or"
              + " --tile-size, --mpp and --overlap.");
    }
    boolean padding =
        usePadding == null ? preset.map(TilingPreset::usePadding).orElse(true) : usePadding;
    ContourTest test =
        contourFn == null
            ? preset.map(TilingPreset::contourTest).orElse(ContourTest.FOUR_PT)
            : ContourTest.of(contourFn);
    boolean atResolution = !resolution.isEmpty() || official.isEmpty() && defaultSize > 0;
    if (!atResolution) {
      int size = patchSize == null ? ClamTiler.OFFICIAL.patchSize() : patchSize;
      return new ClamTiler(
          patchLevel == null ? 0 : patchLevel,
          size,
          stepSize == null ? size : stepSize,
          padding,
          test);
    }
    return grid(padding, test, defaultSize, defaultMpp);
  }

  private GridTiler grid(boolean padding, ContourTest test, int defaultSize, double defaultMpp) {
    if (mpp != null && magnification != null) {
      throw new InvalidOptionException(
          "--mpp and --magnification contradict each other: give one of them.");
    }
    if (minTissue != null && contourFn != null) {
      throw new InvalidOptionException(
          "--min-tissue and --contour-fn contradict each other: give one of them.");
    }
    if (tileSize == null && defaultSize == 0) {
      throw new InvalidOptionException(
          "--mpp, --magnification, --overlap, --min-tissue and --roi need --tile-size.");
    }
    int size = tileSize == null ? defaultSize : tileSize;
    if (mpp == null && magnification == null && defaultSize == 0) {
      throw new InvalidOptionException("--tile-size needs --mpp or --magnification.");
    }
    GridTiler.Resolution resolution =
        magnification != null
            ? new GridTiler.Resolution.Magnification(magnification)
            : new GridTiler.Resolution.Mpp(mpp == null ? defaultMpp : mpp);
    GridTiler tiler =
        GridTiler.of(size, resolution)
            .withOverlap(overlap == null ? 0 : overlap)
            .withBorder(padding ? GridTiler.Border.PAD : GridTiler.Border.DROP)
            .withTest(
                minTissue != null
                    ? new TileTest.MinTissueFraction(minTissue)
                    : new TileTest.InContour(test));
    return roi == null ? tiler : tiler.within(GeoJson.readRegionOfInterest(roi));
  }

  /** The name of the first option that was given, or an empty string. */
  private static String first(@Nullable Object... namesAndValues) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i + 1] != null) {
        return String.valueOf(namesAndValues[i]);
      }
    }
    return "";
  }
}
