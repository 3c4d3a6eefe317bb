package io.github.gpfm.pipeline;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.tiling.format.CoordsLayout;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be chosen for every run over slides.
 *
 * @param <B> the builder itself
 */
public abstract sealed class SlideRunBuilder<B extends SlideRunBuilder<B>>
    permits SlideTiling.Builder, SlideToFeatures.Builder {
  @Nullable TilingPlan plan;
  @Nullable Path output;
  private CoordsLayout layout = CoordsLayout.BOTH;
  private boolean pictures = true;
  private TileFiles tileFiles = TileFiles.NONE;
  private Optional<SlideList> slideList = Optional.empty();
  private DamagePolicy damaged = DamagePolicy.FAIL;
  private Optional<Staging> staging = Optional.empty();
  private ProgressListener progress = ProgressListener.NONE;

  SlideRunBuilder() {}

  abstract B self();

  /** How tissue is found and tiles are laid. */
  public B plan(TilingPlan value) {
    plan = value;
    return self();
  }

  /** The folder of the results; made when the first is written; required. */
  public B output(Path value) {
    output = value;
    return self();
  }

  /** Whose attributes the coordinates carry; both CLAM's and TRIDENT's by default. */
  public B layout(CoordsLayout value) {
    layout = value;
    return self();
  }

  /** Whether outlines, pictures and the report are written; they are by default. */
  public B pictures(boolean value) {
    pictures = value;
    return self();
  }

  /** What else is written of the tiles; nothing by default. */
  public B tileFiles(TileFiles value) {
    tileFiles = value;
    return self();
  }

  /**
   * Each slide's own parameters; {@code process_list.csv} is then written for the run. None by
   * default.
   */
  public B slideList(SlideList value) {
    slideList = Optional.of(value);
    return self();
  }

  /** What becomes of slides that cannot be read everywhere; they fail by default. */
  public B damaged(DamagePolicy value) {
    damaged = value;
    return self();
  }

  /** Copies slides before they are read; they are read where they are by default. */
  public B staging(Staging value) {
    staging = Optional.of(value);
    return self();
  }

  /** Who is told what is done: slides that are tiled, tiles that are encoded. */
  public B progress(ProgressListener value) {
    progress = value;
    return self();
  }

  SlideRun run(TilingPlan chosenPlan, Path chosenOutput) {
    return new SlideRun(
        chosenPlan,
        chosenOutput,
        layout,
        pictures,
        tileFiles,
        slideList,
        damaged,
        staging,
        progress);
  }
}
