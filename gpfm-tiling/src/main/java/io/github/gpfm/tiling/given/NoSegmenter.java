package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import io.github.gpfm.tiling.tissue.Tissue;

/** Looks for no tissue, where the tiles are given and need none. */
public record NoSegmenter() implements TissueSegmenter {
  @Override
  public String name() {
    return Tissue.UNKNOWN;
  }

  /** Nothing beside the name. */
  @Override
  public void describe(Recipe.Builder recipe) {}

  /** {@link Tissue#unknown}. */
  @Override
  public Tissue segment(Slide slide) {
    return Tissue.unknown(slide.width(), slide.height());
  }
}
