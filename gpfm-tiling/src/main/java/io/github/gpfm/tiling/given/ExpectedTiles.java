package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGeometry;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.format.StoredCoords;
import java.util.Map;
import java.util.TreeMap;

/**
 * What tiles from a file must agree with, so that options beside a file of coordinates are never
 * passed over without a word.
 *
 * @param values what is expected, by property; a property that is not there may be anything
 */
public record ExpectedTiles(Map<Property, Double> values) {
  /** What can be expected of tiles. */
  public enum Property {
    /** Level tiles are read from, as CLAM numbers them. */
    PATCH_LEVEL("patchLevel", "patch_level"),
    /** Edge of a tile, pixels of that level. */
    PATCH_SIZE("patchSize", "patch_size"),
    /** Distance of tiles, pixels of that level. */
    STEP_SIZE("stepSize", "step"),
    /** Edge of a tile as it is handed on, pixels. */
    TILE_SIZE("tileSize", "tile size"),
    /** Resolution of a tile as it is handed on, µm per pixel. */
    MPP("mpp", "resolution in um per pixel"),
    /** Objective power of a tile as it is handed on. */
    MAGNIFICATION("magnification", "magnification"),
    /** Pixels that neighbours share, at the resolution handed on. */
    OVERLAP("overlap", "overlap");

    private final String parameter;
    private final String label;

    Property(String parameter, String label) {
      this.parameter = parameter;
      this.label = label;
    }
  }

  /** Nothing is expected. */
  public static final ExpectedTiles ANY = new ExpectedTiles(Map.of());

  /** How far resolutions may differ, which come from measured ones. */
  private static final double MPP_TOLERANCE = 0.02;

  /** Copies the map. */
  public ExpectedTiles {
    values = Map.copyOf(values);
  }

  void check(StoredCoords stored, TileGrid grid, Slide slide) {
    new TreeMap<>(values)
        .forEach(
            (property, wanted) -> {
              double there = value(property, stored, grid.geometry(), slide);
              double allowed =
                  property == Property.MPP || property == Property.MAGNIFICATION
                      ? MPP_TOLERANCE * wanted
                      : 0.5;
              if (!(Math.abs(there - wanted) <= allowed)) {
                throw new TilingException(
                        "%s %s contradicts %s, whose %s is %s: leave it out, or give other coordinates."
                            .formatted(
                                property.parameter,
                                text(wanted),
                                stored.file(),
                                property.label,
                                Double.isNaN(there) ? "not known" : text(there)))
                    .about(property.parameter);
              }
            });
  }

  private static double value(
      Property property, StoredCoords stored, TileGeometry geometry, Slide slide) {
    double downsample = geometry.level0Size() / geometry.tileSize();
    return switch (property) {
      case PATCH_LEVEL -> stored.number("patch_level").orElse(geometry.level());
      case PATCH_SIZE -> stored.number("patch_size").orElse(geometry.readSize());
      case STEP_SIZE ->
          geometry.level0Step()
              / geometry.level0Size()
              * stored.number("patch_size").orElse(geometry.readSize());
      case TILE_SIZE -> geometry.tileSize();
      case MPP -> geometry.mpp();
      case MAGNIFICATION ->
          stored
              .number("target_magnification")
              .orElse(
                  slide.objectivePower().isPresent()
                      ? slide.objectivePower().getAsDouble() / downsample
                      : 10 / geometry.mpp());
      case OVERLAP -> (geometry.level0Size() - geometry.level0Step()) / downsample;
    };
  }

  private static String text(double value) {
    return value == Math.rint(value)
        ? Long.toString((long) value)
        : Double.toString(Math.round(value * 1e4) / 1e4);
  }
}
