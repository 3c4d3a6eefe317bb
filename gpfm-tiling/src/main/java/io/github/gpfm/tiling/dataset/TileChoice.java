package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.grid.TileSampler;
import io.github.gpfm.tiling.grid.TileTable;
import java.util.List;
import java.util.OptionalInt;

/**
 * How many of the tiles of all slides are extracted.
 *
 * @param count how many in all, chosen at random; all tiles when empty
 * @param stratified whether the same number is taken from every slide, as far as it has them
 * @param seed of the choice
 */
public record TileChoice(OptionalInt count, boolean stratified, long seed) {
  /** Every tile. */
  public static final TileChoice ALL = new TileChoice(OptionalInt.empty(), false, 0);

  /** Checks the number. */
  public TileChoice {
    if (count.isPresent() && count.getAsInt() < 1) {
      throw new InvalidOptionException(
              "The number of tiles to choose must be 1 or more, not " + count.getAsInt() + ".")
          .about("TileChoice.count");
    }
  }

  /** The tables of the slides with the chosen tiles only. */
  List<TileTable> of(List<TileTable> tables) {
    if (count.isEmpty()) {
      return tables;
    }
    return stratified
        ? TileSampler.stratifiedBySlide(tables, count.getAsInt(), seed)
        : TileSampler.random(tables, count.getAsInt(), seed);
  }
}
