package io.github.gpfm.tiling.grid;

import io.github.gpfm.api.TileGrid;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The tiles of one slide with named scores, one value a tile. Immutable. */
public final class TileTable {
  private final String slide;
  private final TileGrid grid;
  private final TreeMap<String, double[]> scores;

  private TileTable(String slide, TileGrid grid, TreeMap<String, double[]> scores) {
    this.slide = slide;
    this.grid = grid;
    this.scores = scores;
  }

  /**
   * Tiles without scores.
   *
   * @param slide name of the slide
   * @param grid its tiles
   */
  public static TileTable of(String slide, TileGrid grid) {
    return new TileTable(slide, grid, new TreeMap<>());
  }

  /**
   * This table with one more column, or with that column replaced.
   *
   * @param name for instance {@code tissue_fraction}
   * @param values one a tile; copied
   * @throws IllegalArgumentException if the number of values differs from that of the tiles
   */
  public TileTable with(String name, double... values) {
    if (values.length != grid.size()) {
      throw new IllegalArgumentException(
          values.length + " values of " + name + " for " + grid.size() + " tiles");
    }
    TreeMap<String, double[]> more = new TreeMap<>(scores);
    more.put(name, values.clone());
    return new TileTable(slide, grid, more);
  }

  /** Name of the slide. */
  public String slide() {
    return slide;
  }

  /** The tiles. */
  public TileGrid grid() {
    return grid;
  }

  /** Number of tiles. */
  public int size() {
    return grid.size();
  }

  /** Names of the scores, sorted. */
  public Set<String> scoreNames() {
    return Collections.unmodifiableSet(scores.keySet());
  }

  /**
   * A copy of a column.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  public double[] scores(String name) {
    return column(name).clone();
  }

  /** The score of tile {@code i}. */
  public double score(String name, int i) {
    return column(name)[i];
  }

  /** The scores of tile {@code i} by name, sorted. */
  public Map<String, Double> scores(int i) {
    Map<String, Double> values = new LinkedHashMap<>();
    scores.forEach((name, column) -> values.put(name, column[i]));
    return values;
  }

  /** The rows with the given numbers, in the given order. */
  public TileTable select(int... rows) {
    TreeMap<String, double[]> selected = new TreeMap<>();
    scores.forEach(
        (name, column) ->
            selected.put(name, Arrays.stream(rows).mapToDouble(row -> column[row]).toArray()));
    return new TileTable(slide, grid.select(rows), selected);
  }

  /** The rows that a condition on their number accepts, in order. */
  public TileTable filter(IntPredicate keep) {
    return select(IntStream.range(0, size()).filter(keep).toArray());
  }

  private double[] column(String name) {
    double[] column = scores.get(name);
    if (column == null) {
      throw new IllegalArgumentException("no score " + name + " among " + scores.keySet());
    }
    return column;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof TileTable that)
        || !slide.equals(that.slide)
        || !grid.equals(that.grid)
        || !scores.keySet().equals(that.scores.keySet())) {
      return false;
    }
    return scores.keySet().stream()
        .allMatch(name -> Arrays.equals(scores.get(name), that.scores.get(name)));
  }

  @Override
  public int hashCode() {
    List<Object> parts = new ArrayList<>(List.of(slide, grid));
    scores.forEach((name, column) -> parts.add(name.hashCode() ^ Arrays.hashCode(column)));
    return parts.hashCode();
  }

  @Override
  public String toString() {
    return "TileTable[" + slide + ", " + grid + ", " + scores.keySet() + "]";
  }
}
