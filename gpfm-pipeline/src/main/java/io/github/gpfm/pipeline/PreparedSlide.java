package io.github.gpfm.pipeline;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TileGrid;
import io.github.gpfm.tiling.grid.TileTable;
import io.github.gpfm.tiling.picture.TissuePicture;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.tissue.Tissue;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.concurrent.Callable;

/**
 * A slide whose tiles are known; owns the open slide.
 *
 * @param input where it came from
 * @param slide open
 * @param staged closes it, and removes its copy if there is one
 * @param seen the same for pictures: blank where it is damaged, if such slides are wanted
 * @param tissue its tissue
 * @param tiles those that are kept, with their scores
 * @param damaged tiles that are left out because they cannot be read
 * @param picture outlines and tiles over a thumbnail, if wanted
 * @param timings of the stages so far
 * @param startNanos when work on it began
 */
record PreparedSlide(
    SlideInput input,
    Slide slide,
    SlideStage.Staged staged,
    Slide seen,
    Tissue tissue,
    TileTable tiles,
    DamagedTiles damaged,
    Optional<BufferedImage> picture,
    StageTimings timings,
    long startNanos)
    implements AutoCloseable {
  /** Opens, segments, tiles and draws. */
  static PreparedSlide prepare(
      SlideInput input,
      TilingPlan plan,
      boolean pictures,
      DamagePolicy policy,
      Callable<SlideStage.Staged> opener,
      StageTimings timings)
      throws Exception {
    long start = System.nanoTime();
    SlideStage.Staged staged = timings.time("open", opener);
    Slide slide = staged.slide();
    try {
      boolean skip = policy == DamagePolicy.SKIP;
      Slide seen = skip ? new TolerantSlide(slide) : slide;
      Tissue tissue = timings.time("segment", () -> plan.segmenter().segment(seen));
      TileTable laid =
          timings.time("tile", () -> TileTable.of(input.name(), plan.tiler().tile(seen, tissue)));
      DamagedTiles.Parted parted =
          skip
              ? timings.time("check", () -> DamagedTiles.part(slide, laid))
              : new DamagedTiles.Parted(laid, DamagedTiles.NONE);
      TileTable tiles =
          plan.quality().equals(TileQuality.NONE)
              ? parted.readable()
              : timings.time(
                  "quality", () -> plan.quality().apply(seen, tissue, parted.readable()));
      Optional<BufferedImage> picture = Optional.empty();
      if (pictures) {
        picture =
            Optional.of(
                timings.time(
                    "picture",
                    () ->
                        TissuePicture.draw(
                            seen, tissue, tiles.grid(), TissuePicture.DEFAULT_EDGE)));
      }
      return new PreparedSlide(
          input, slide, staged, seen, tissue, tiles, parted.damaged(), picture, timings, start);
    } catch (Throwable e) {
      staged.close();
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
    staged.close();
  }
}
