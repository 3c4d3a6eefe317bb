package io.github.gpfm.pipeline;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.EncoderInfo;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.tiling.dataset.TileRecipe;
import io.github.gpfm.tiling.format.ProcessList;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.grid.TileTest;
import io.github.gpfm.tiling.grid.Tiler;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.nio.file.Path;

/**
 * How tissue is found and tiles are laid.
 *
 * @param segmenter finds the tissue
 * @param tiler lays the tiles
 * @param quality judges the tiles and drops some
 */
public record TilingPlan(TissueSegmenter segmenter, Tiler tiler, TileQuality quality)
    implements Described {
  /** All tiles, unjudged. */
  public TilingPlan(TissueSegmenter segmenter, Tiler tiler) {
    this(segmenter, tiler, TileQuality.NONE);
  }

  /**
   * The segmentation used where nothing else is asked for: the official patcher's, with pieces and
   * holes kept from one 512x512 patch on (the official 100 and 16 drop biopsies as a whole) and at
   * most 8 holes a piece.
   */
  public static final SegmentationParameters DEFAULT_SEGMENTATION =
      SegmentationParameters.OFFICIAL.withAreas(1, 1, 8);

  /** The default segmentation and tiles of the size and resolution that an encoder wants. */
  public static TilingPlan recommendedFor(EncoderInfo encoder) {
    return new TilingPlan(
        new ClamSegmenter(DEFAULT_SEGMENTATION),
        GridTiler.atMpp(encoder.tileSize(), encoder.mpp()));
  }

  /** The plan of one slide, where its segmenter or tiler has something of its own for it. */
  public TilingPlan forSlide(Path slide) {
    TissueSegmenter itsSegmenter = segmenter.forSlide(slide);
    Tiler itsTiler = tiler.forSlide(slide);
    return itsSegmenter == segmenter && itsTiler == tiler
        ? this
        : new TilingPlan(itsSegmenter, itsTiler, quality);
  }

  /** The same for {@link io.github.gpfm.tiling.dataset.TileExtractor}. */
  public TileRecipe recipe() {
    return new TileRecipe(segmenter, tiler, quality);
  }

  /** This plan as a row of a process list, whose slide and status mean nothing. */
  ProcessList.Entry processListDefaults() {
    if (!(segmenter instanceof ClamSegmenter clam)) {
      throw new InvalidOptionException(
              "A process list holds the parameters of the segmenter clam and contradicts the segmenter "
                  + segmenter.name()
                  + ".")
          .about("segmenter");
    }
    boolean padding = true;
    ContourTest test = ContourTest.FOUR_PT;
    if (tiler instanceof ClamTiler official) {
      padding = official.usePadding();
      test = official.contourTest();
    } else if (tiler instanceof GridTiler grid) {
      padding = grid.border() == GridTiler.Border.PAD;
      test = grid.test() instanceof TileTest.InContour inside ? inside.contourTest() : test;
    }
    return ProcessList.Entry.of("", clam.parameters(), padding, test);
  }

  /** This plan with the parameters of a process list's row. */
  TilingPlan with(ProcessList.Entry row) {
    Tiler changed = tiler;
    if (tiler instanceof ClamTiler official) {
      changed =
          new ClamTiler(
              official.patchLevel(),
              official.patchSize(),
              official.stepSize(),
              row.usePadding(),
              row.contourTest());
    } else if (tiler instanceof GridTiler grid) {
      GridTiler bordered =
          grid.withBorder(row.usePadding() ? GridTiler.Border.PAD : GridTiler.Border.DROP);
      changed =
          grid.test() instanceof TileTest.InContour
              ? bordered.withTest(new TileTest.InContour(row.contourTest()))
              : bordered;
    }
    return new TilingPlan(new ClamSegmenter(row.segmentation()), changed, quality);
  }

  /** Everything that decides the tiles. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.with(recipe());
  }
}
