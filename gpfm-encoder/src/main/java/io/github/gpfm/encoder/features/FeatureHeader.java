package io.github.gpfm.encoder.features;

import io.github.gpfm.api.Provenance;
import io.github.gpfm.api.TileGrid;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a feature file says beside its features.
 *
 * @param name of the slide
 * @param encoder name of the encoder
 * @param dimension length of one feature
 * @param coords x0, y0, x1, y1, … in level-0 pixels, one pair a row, in the order of the features
 * @param coordsAttributes what readers of coordinates look for, {@code patch_size} and the like:
 *     {@code Long}, {@code Double}, {@code String}, {@code long[]} or {@code double[]} by name
 * @param provenance where the features come from
 */
public record FeatureHeader(
    String name,
    String encoder,
    int dimension,
    long[] coords,
    SortedMap<String, Object> coordsAttributes,
    Provenance provenance) {
  /** Copies the collections. */
  public FeatureHeader {
    if (dimension < 1 || coords.length % 2 != 0) {
      throw new IllegalArgumentException(
          "impossible features: dimension " + dimension + ", " + coords.length + " coordinates");
    }
    coords = coords.clone();
    coordsAttributes = Collections.unmodifiableSortedMap(new TreeMap<>(coordsAttributes));
  }

  /** The header for the tiles of a grid. */
  public static FeatureHeader of(
      String name,
      String encoder,
      int dimension,
      TileGrid grid,
      Map<String, Object> coordsAttributes,
      Provenance provenance) {
    return new FeatureHeader(
        name, encoder, dimension, grid.coords(), new TreeMap<>(coordsAttributes), provenance);
  }

  /** Number of rows. */
  public int rows() {
    return coords.length / 2;
  }
}
