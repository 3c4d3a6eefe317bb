package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which tiles of a slide are extracted.
 *
 * @param segmenter finds the tissue
 * @param tiler lays the tiles
 * @param quality judges the tiles and drops some
 */
public record TileRecipe(TissueSegmenter segmenter, Tiler tiler, TileQuality quality)
    implements Described {
  /** All tiles, unjudged. */
  public TileRecipe(TissueSegmenter segmenter, Tiler tiler) {
    this(segmenter, tiler, TileQuality.NONE);
  }

  /** The recipe of one slide, where its segmenter or tiler has something of its own for it. */
  public TileRecipe forSlide(Path slide) {
    TissueSegmenter itsSegmenter = segmenter.forSlide(slide);
    Tiler itsTiler = tiler.forSlide(slide);
    return itsSegmenter == segmenter && itsTiler == tiler
        ? this
        : new TileRecipe(itsSegmenter, itsTiler, quality);
  }

  /** A slide's tiles, none of them twice. */
  TileTable tiles(String name, Slide slide) {
    Tissue tissue = segmenter.segment(slide);
    return quality.apply(slide, tissue, distinct(TileTable.of(name, tiler.tile(slide, tissue))));
  }

  /** Everything that decides the tiles. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe
        .add("segmenter", segmenter.name())
        .part("segmenter", segmenter)
        .add("tiler", tiler.name())
        .part("tiler", tiler)
        .part("quality", quality);
  }

  /** Without tiles that repeat earlier coordinates. */
  private static TileTable distinct(TileTable table) {
    Set<Map.Entry<Long, Long>> seen = new HashSet<>();
    TileGrid grid = table.grid();
    return table.filter(row -> seen.add(Map.entry(grid.x(row), grid.y(row))));
  }
}
