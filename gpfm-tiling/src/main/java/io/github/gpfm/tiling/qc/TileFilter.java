package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.grid.TileTable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which tiles of a table are kept, by their scores; filters compose. */
@FunctionalInterface
public interface TileFilter {
  /** A comparison such as {@code blur>=50}. */
  Pattern COMPARISON = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*)\\s*(>=|<=)\\s*(\\S+)\\s*");

  /**
   * Whether a tile is kept.
   *
   * @param table the tiles
   * @param row number of the tile
   */
  boolean keeps(TileTable table, int row);

  /** Keeps tiles whose score is at least {@code limit}; a score that is NaN is not. */
  static TileFilter min(String score, double limit) {
    return (table, row) -> column(table, score, row) >= limit;
  }

  /** Keeps tiles whose score is at most {@code limit}; a score that is NaN is not. */
  static TileFilter max(String score, double limit) {
    return (table, row) -> column(table, score, row) <= limit;
  }

  /**
   * Reads a comparison: {@code SCORE>=NUMBER} or {@code SCORE<=NUMBER}.
   *
   * @throws InvalidOptionException if it is neither
   */
  static TileFilter parse(String text) {
    Matcher matcher = COMPARISON.matcher(text);
    if (!matcher.matches()) {
      throw badFilter(text);
    }
    try {
      double limit = Double.parseDouble(matcher.group(3));
      return matcher.group(2).equals(">=")
          ? min(matcher.group(1), limit)
          : max(matcher.group(1), limit);
    } catch (NumberFormatException e) {
      throw badFilter(text);
    }
  }

  private static InvalidOptionException badFilter(String text) {
    return new InvalidOptionException(
        "A filter must read SCORE>=NUMBER or SCORE<=NUMBER, for instance blur>=50, not "
            + text
            + ".");
  }

  private static double column(TileTable table, String score, int row) {
    if (!table.scoreNames().contains(score)) {
      throw new InvalidOptionException(
          "The tiles of "
              + table.slide()
              + " have no score "
              + score
              + ", only "
              + table.scoreNames()
              + ": ask for it first.");
    }
    return table.score(score, row);
  }

  /** Keeps what both keep. */
  default TileFilter and(TileFilter other) {
    return (table, row) -> keeps(table, row) && other.keeps(table, row);
  }

  /** Keeps what either keeps. */
  default TileFilter or(TileFilter other) {
    return (table, row) -> keeps(table, row) || other.keeps(table, row);
  }

  /** Keeps what this filter does not. */
  default TileFilter negate() {
    return (table, row) -> !keeps(table, row);
  }

  /** The tiles that are kept, in order. */
  default TileTable apply(TileTable table) {
    return table.filter(row -> keeps(table, row));
  }
}
