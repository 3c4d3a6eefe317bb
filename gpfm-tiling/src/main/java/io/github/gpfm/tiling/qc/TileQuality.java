package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.List;
import java.util.Map;

/**
 * How tiles are judged, and which of them are kept.
 *
 * @param scores computed for every tile, beside the part that is tissue
 * @param filters comparisons that a tile must pass, as {@link TileFilter#parse} reads them
 */
public record TileQuality(List<TileScore> scores, List<String> filters) {
  /** Tiles are neither judged nor dropped. */
  public static final TileQuality NONE = new TileQuality(List.of(), List.of());

  /**
   * Checks the filters.
   *
   * @throws io.github.gpfm.api.InvalidOptionException if one cannot be read
   */
  public TileQuality {
    scores = List.copyOf(scores);
    filters = List.copyOf(filters);
    filters.forEach(TileFilter::parse);
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
    return table;
  }

  /** By name, for provenance; filters alone decide which tiles there are. */
  public Map<String, String> parameters() {
    return filters.isEmpty() ? Map.of() : Map.of("filter", String.join(" and ", filters));
  }
}
