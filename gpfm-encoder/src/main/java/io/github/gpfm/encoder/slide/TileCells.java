package io.github.gpfm.encoder.slide;

import io.github.gpfm.api.EncoderException;
import io.github.gpfm.api.SlideFeatures;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tiles in the cells of a grid whose edge is a tile's.
 *
 * @param values features, cells x dimension
 * @param cells column and row of each, in pairs
 */
record TileCells(float[] values, long[] cells) {
  /**
   * Every tile in the cell of its corner, counted from the slide's own corner.
   *
   * @param edge cells that a slide may have along an edge; 0 for any number
   * @throws EncoderException if a tile lies beyond
   */
  static TileCells of(SlideFeatures tiles, int edge) {
    long size = Math.round(tiles.level0Size());
    long[] coords = tiles.coords();
    for (int i = 0; i < coords.length; i++) {
      long cell = Math.floorDiv(coords[i], size);
      if (cell < 0 || edge > 0 && cell >= edge) {
        throw new EncoderException(
            "Tile %d of '%s' lies in cell %d, but the slide encoder knows cells 0 to %d of %d level-0 pixels along an edge."
                .formatted(i / 2, tiles.name(), cell, edge - 1, size));
      }
      coords[i] = cell;
    }
    return new TileCells(tiles.values(), coords);
  }

  /**
   * Cells counted from the leftmost and the topmost tile, in their order, as TITAN has it: features
   * that share a cell are summed, cells whose sum is 0 are left out.
   */
  static TileCells dense(SlideFeatures tiles) {
    long size = Math.round(tiles.level0Size());
    long[] coords = tiles.coords();
    long left = Long.MAX_VALUE;
    long top = Long.MAX_VALUE;
    for (int i = 0; i < coords.length; i += 2) {
      left = Math.min(left, coords[i]);
      top = Math.min(top, coords[i + 1]);
    }
    int dimension = tiles.dimension();
    float[] values = tiles.values();
    Map<Long, float[]> sums = new LinkedHashMap<>();
    for (int i = 0; i < tiles.count(); i++) {
      long column = Math.floorDiv(coords[2 * i] - left, size);
      long row = Math.floorDiv(coords[2 * i + 1] - top, size);
      float[] sum = sums.computeIfAbsent(column << 32 | row, key -> new float[dimension]);
      for (int j = 0; j < dimension; j++) {
        sum[j] += values[i * dimension + j];
      }
    }
    long[] keys =
        sums.keySet().stream()
            .filter(key -> !isZero(sums.getOrDefault(key, new float[0])))
            .mapToLong(Long::longValue)
            .sorted()
            .toArray();
    if (keys.length == 0) {
      throw new EncoderException(
          "The features of all tiles of '%s' are 0; the slide encoder sees none of them."
              .formatted(tiles.name()));
    }
    float[] joined = new float[keys.length * dimension];
    long[] cells = new long[2 * keys.length];
    for (int i = 0; i < keys.length; i++) {
      cells[2 * i] = keys[i] >> 32;
      cells[2 * i + 1] = keys[i] & 0xffffffffL;
      System.arraycopy(
          sums.getOrDefault(keys[i], new float[dimension]), 0, joined, i * dimension, dimension);
    }
    return new TileCells(joined, cells);
  }

  private static boolean isZero(float[] values) {
    for (float value : values) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** Cells of no meaning, for encoders that do not look at them. */
  static TileCells none(SlideFeatures tiles) {
    return new TileCells(tiles.values(), new long[2 * tiles.count()]);
  }

  /** Tiles that lie in a cell with another. */
  int shared(SlideFeatures tiles) {
    return tiles.count() - cells.length / 2;
  }

  @Override
  public String toString() {
    return "TileCells[" + cells.length / 2 + ", " + Arrays.hashCode(cells) + "]";
  }
}
