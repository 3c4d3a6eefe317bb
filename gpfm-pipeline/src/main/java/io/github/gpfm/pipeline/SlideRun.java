package io.github.gpfm.pipeline;

import com.google.gson.JsonObject;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.qc.TileQuality;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** What tiling and embedding have in common: how tiles are laid, and which files are written. */
record SlideRun(
    TilingPlan plan,
    Path output,
    CoordsLayout layout,
    boolean pictures,
    TileFiles tileFiles,
    Optional<SlideList> slideList,
    DamagePolicy damaged,
    Optional<Staging> staging,
    ProgressListener progress) {
  /** The plan for a slide: that of its row in the list, else the common one. */
  TilingPlan planFor(SlideInput input) {
    TilingPlan common = slideList.map(list -> list.planFor(input.path())).orElse(plan);
    return common.forSlide(input.path());
  }

  /** What all slides of the run have in common. */
  Recipe.Builder recipe(RunStore store, String result, TilingPlan chosen) {
    return Recipe.builder(store.hashes())
        .add(SlideWork.RESULT, result)
        .with(chosen)
        .add("layout", layout);
  }

  /** The same for a slide, with its own plan, its files and how it is opened. */
  Recipe.Builder recipe(RunStore store, String result, SlideInput input, SlideFiles files) {
    return recipe(store, result, planFor(input)).with(files).with(input);
  }

  /** Where this run copies slides to before it reads them, if it does; to be closed. */
  Optional<SlideStage> openStage() {
    return staging.map(SlideStage::open);
  }

  /** Opens, segments, tiles and draws. */
  PreparedSlide prepare(
      SlideInput input, SlideFiles files, Optional<SlideStage> stage, StageTimings timings)
      throws Exception {
    Callable<SlideStage.Staged> opener = () -> SlideStage.open(stage, input, files);
    return PreparedSlide.prepare(input, planFor(input), pictures, damaged, opener, timings);
  }

  /** The files that are written beside a slide's coordinates or features. */
  Companions companions(RunStore store, SlideInput input, SlideFiles slide) {
    TileQuality quality = planFor(input).quality();
    List<Path> files = new ArrayList<>();
    if (pictures) {
      files.addAll(PictureFiles.files(output, input.name(), !quality.equals(TileQuality.NONE)));
    }
    files.addAll(tileFiles.files(output, input.name()));
    Recipe recipe =
        recipe(store, "companions", input, slide).add("scores", quality.scores()).build();
    List<Path> others = new ArrayList<>(PictureFiles.files(output, input.name(), true));
    others.addAll(TileFiles.possible(output, input.name()));
    return new Companions(files, others, recipe);
  }

  /** Writes all that belongs to a slide beside its coordinates; returns the paths. */
  List<Path> writeFiles(PreparedSlide prepared, Companions companions, RunStore store) {
    return companions.write(
        store,
        () -> {
          List<Path> files = new ArrayList<>();
          if (pictures) {
            files.addAll(PictureFiles.write(prepared, output));
          }
          files.addAll(tileFiles.write(prepared, output));
          return files;
        });
  }

  /** Writes what belongs to the run as a whole, together with what other runs left there. */
  void complete(RunSummary summary, RunReport report, RunStore store) {
    if (!summary.isWorthKeeping()) {
      return;
    }
    store.exclusively(
        () -> {
          JsonObject merged = SummaryFile.merge(output, summary);
          if (pictures) {
            report.write(output, summary, merged);
          }
          slideList.ifPresent(list -> list.writeAfter(summary, output));
        });
  }
}
