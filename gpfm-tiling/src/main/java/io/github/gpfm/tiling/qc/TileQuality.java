package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How tiles are judged, and which of them are kept.
 *
 * @param scores computed for every tile, beside the part that is tissue
 * @param filters comparisons that a tile must pass, as {@link TileFilter#parse} reads them
 * @param limit how many of those that pass are kept
 */
public record TileQuality(List<TileScore> scores, List<String> filters, TileLimit limit)
    implements Described {
  /** Tiles are neither judged nor dropped. */
  public static final TileQuality NONE = new TileQuality(List.of(), List.of());

  /** All tiles that pass. */
  public TileQuality(List<TileScore> scores, List<String> filters) {
    this(scores, filters, TileLimit.NONE);
  }

  /**
   * Checks the filters and the limit's score.
   *
   * @throws io.github.gpfm.api.InvalidOptionException if one cannot be read or is not computed
   */
  public TileQuality {
    scores = List.copyOf(scores);
    filters = List.copyOf(filters);
    filters.forEach(TileFilter::parse);
    Set<String> known =
        Stream.concat(Stream.of(TileScore.TISSUE_FRACTION), scores.stream().map(TileScore::label))
            .collect(Collectors.toSet());
    limit
        .stratifyBy()
        .filter(score -> !known.contains(score))
        .ifPresent(
            score -> {
              throw new InvalidOptionException(
                      "stratifyBy " + score + " needs that score among those that are made.")
                  .about("stratifyBy", "scores");
            });
  }

  /**
   * Judges tiles.
   *
   * @param slide the open slide
   * @param tissue its tissue
   * @param tiles all tiles
   * @return those that are kept, with the part that is tissue and their scores
   * @throws io.github.gpfm.api.SlideException if a tile cannot be read
   */
  public TileTable apply(Slide slide, Tissue tissue, TileTable tiles) {
    // A fraction of tissue that nobody looked for would be 0 everywhere.
    boolean known = !tissue.isUnknown();
    if (!known && limit.stratifyBy().equals(Optional.of(TileScore.TISSUE_FRACTION))) {
      throw new InvalidOptionException(
              "stratifyBy "
                  + TileScore.TISSUE_FRACTION
                  + " needs tissue beside the tiles that are given: give a segmenter or a mask.")
          .about("stratifyBy", "segmenter", "mask");
    }
    TileTable table = known ? QualityControl.tissueFraction(tiles, tissue) : tiles;
    // Slides are judged side by side, so one thread a slide is enough.
    table = QualityControl.score(slide, table, scores, 1, ProgressListener.NONE);
    for (String filter : filters) {
      table = TileFilter.parse(filter).apply(table);
    }
    return limit.apply(table);
  }

  /** What decides which tiles there are; scores that only judge them are notes. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.note("scores", scores);
    if (!filters.isEmpty()) {
      recipe.add("filter", String.join(" and ", filters));
    }
    if (limit.count().isPresent()) {
      recipe
          .add("max_tiles", limit.count().getAsInt())
          .add("stratify_by", limit.stratifyBy().orElse("nothing"))
          .add("seed", limit.seed());
    }
  }
}
