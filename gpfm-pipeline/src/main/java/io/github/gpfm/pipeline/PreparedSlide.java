package io.github.gpfm.pipeline;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.TissuePicture;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.util.Optional;

/**
 * A slide whose tiles are known; owns the open slide.
 *
 * @param input where it came from
 * @param slide open
 * @param tissue its tissue
 * @param tiles those that are kept, with their scores
 * @param picture outlines and tiles over a thumbnail, if wanted
 * @param timings of the stages so far
 * @param startNanos when work on it began
 */
record PreparedSlide(
    SlideInput input,
    Slide slide,
    Tissue tissue,
    TileTable tiles,
    Optional<BufferedImage> picture,
    StageTimings timings,
    long startNanos)
    implements AutoCloseable {
  /** Opens, segments, tiles and draws. */
  static PreparedSlide prepare(
      SlideInput input, TilingPlan plan, boolean pictures, StageTimings timings) throws Exception {
    long start = System.nanoTime();
    Slide slide = timings.time("open", input::open);
    try {
      Tissue tissue = timings.time("segment", () -> plan.segmenter().segment(slide));
      TileTable all =
          timings.time("tile", () -> TileTable.of(input.name(), plan.tiler().tile(slide, tissue)));
      TileTable tiles =
          plan.quality().equals(TileQuality.NONE)
              ? all
              : timings.time("quality", () -> plan.quality().apply(slide, tissue, all));
      Optional<BufferedImage> picture = Optional.empty();
      if (pictures) {
        picture =
            Optional.of(
                timings.time(
                    "picture",
                    () ->
                        TissuePicture.draw(
                            slide, tissue, tiles.grid(), TissuePicture.DEFAULT_EDGE)));
      }
      return new PreparedSlide(input, slide, tissue, tiles, picture, timings, start);
    } catch (Throwable e) {
      slide.close();
      throw e;
    }
  }

  TileGrid grid() {
    return tiles.grid();
  }

  double elapsedSeconds() {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  @Override
  public void close() {
    slide.close();
  }
}
