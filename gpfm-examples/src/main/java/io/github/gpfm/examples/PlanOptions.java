package io.github.gpfm.examples;

import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** Tissue, tiles and their quality; the same in every command that lays tiles. */
final class PlanOptions {
  @Mixin private SegmentationOptions segmentation;
  @Mixin private GridOptions grid;
  @Mixin private QualityOptions quality;
  @Mixin private SamplingOptions sampling;

  private @Nullable TissueSegmenter segmenter;

  /** Seed of every random choice of tiles. */
  long seed() {
    return sampling.seed();
  }

  /** The official grid where no grid is asked for. */
  TilingPlan plan() {
    return plan(0, 0);
  }

  /**
   * What was asked for.
   *
   * @param defaultSize tile edge where no grid is asked for; 0 for the official grid
   * @param defaultMpp its resolution
   */
  TilingPlan plan(int defaultSize, double defaultMpp) {
    // Made once: that of a network holds memory.
    if (segmenter == null) {
      segmenter = segmentation.segmenter(grid.coords().isPresent());
    }
    return new TilingPlan(
        segmenter,
        grid.tiler(segmentation.preset(), defaultSize, defaultMpp),
        new TileQuality(quality.scores(), quality.filters(), sampling.limit()));
  }
}
