package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How tiles are judged, and which of them are kept.
 *
 * @param scores computed for every tile, beside the part that is tissue
 * @param filters comparisons that a tile must pass, as {@link TileFilter#parse} reads them
 * @param limit how many of those that pass are kept
 */
public record TileQuality(List<TileScore> scores, List<String> filters, TileLimit limit) {
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
                  "--stratify-by " + score + " needs --qc " + score + ".");
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
    TileTable table = QualityControl.tissueFraction(tiles, tissue);
    // Slides are judged side by side, so one thread a slide is enough.
    table = QualityControl.score(slide, table, scores, 1, ProgressListener.NONE);
    for (String filter : filters) {
      table = TileFilter.parse(filter).apply(table);
    }
    return limit.apply(table);
  }

  /** By name, for provenance; only what decides which tiles there are. */
  public Map<String, String> parameters() {
    Map<String, String> map = new TreeMap<>();
    if (!filters.isEmpty()) {
      map.put("filter", String.join(" and ", filters));
    }
    if (limit.count().isPresent()) {
      map.put("max_tiles", Integer.toString(limit.count().getAsInt()));
      map.put("stratify_by", limit.stratifyBy().orElse(""));
      map.put("seed", Long.toString(limit.seed()));
    }
    return map;
  }
}
