package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.grid.TileSampler;
import io.github.gpfm.tiling.grid.TileTable;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How many of a slide's tiles are kept at most.
 *
 * @param count how many, chosen at random; all when empty
 * @param stratifyBy a score: the same number is then taken from each of {@value #STRATA} equally
 *     large groups of tiles in its order
 * @param seed of the choice, which differs from slide to slide by the slide's name
 */
public record TileLimit(OptionalInt count, Optional<String> stratifyBy, long seed) {
  /** Every tile. */
  public static final TileLimit NONE = new TileLimit(OptionalInt.empty(), Optional.empty(), 0);

  /** Groups of tiles by a score. */
  public static final int STRATA = 10;

  /** Checks the number. */
  public TileLimit {
    if (count.isPresent() && count.getAsInt() < 1) {
      throw new InvalidOptionException(
              "The number of tiles to keep must be 1 or more, not " + count.getAsInt() + ".")
          .about("TileLimit.count");
    }
    if (count.isEmpty() && stratifyBy.isPresent()) {
      throw new InvalidOptionException("stratifyBy needs a count: how many tiles to keep.")
          .about("stratifyBy", "TileLimit.count");
    }
  }

  /** The tiles that are kept, in their order. */
  TileTable apply(TileTable table) {
    if (count.isEmpty()) {
      return table;
    }
    int number = count.getAsInt();
    // Without the name, slides of equally many tiles would give the same ones.
    long ofSlide = seed ^ (long) table.slide().hashCode() << 32;
    return stratifyBy.isPresent()
        ? TileSampler.stratifiedByScore(table, stratifyBy.get(), STRATA, number, ofSlide)
        : TileSampler.random(List.of(table), number, ofSlide).get(0);
  }
}
