package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.format.CoordsH5;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Slides to coordinates of tiles: for each slide {@code NAME.h5}, {@code NAME.geojson} with the
 * tissue's outlines and {@code NAME-tissue.jpg}; for the run {@code summary.json} and {@code
 * report.html}. A slide whose file is there already, made from the same slide in the same way, is
 * skipped. Several processes may share a folder. Immutable; may be run many times.
 */
public final class SlideTiling {
  private static final String RESULT = "coords";

  private final SlideRun run;
  private final int threads;
  private final boolean overwrite;
  private final boolean coordinated;

  private SlideTiling(SlideRun run, Builder builder) {
    this.run = run;
    this.threads = builder.threads;
    this.overwrite = builder.overwrite;
    this.coordinated = builder.coordinated;
  }

  /** Starts with no plan and no folder; both must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** What can be chosen; the plan is required. */
  public static final class Builder extends SlideRunBuilder<Builder> {
    private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    private boolean overwrite;
    private boolean coordinated;

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Slides worked on at the same time, at least 1; one per processor by default. */
    public Builder threads(int value) {
      if (value < 1) {
        throw new InvalidOptionException("threads must be 1 or more, not " + value + ".")
            .about("threads");
      }
      threads = value;
      return this;
    }

    /** Whether finished slides are done again; they are skipped by default. */
    public Builder overwrite(boolean value) {
      overwrite = value;
      return this;
    }

    /**
     * Whether another process has the folder for the run ({@link SlidePieces.Run}), gives each
     * slide to one process and writes the summary: no slide is claimed then. Not by default.
     */
    public Builder coordinated(boolean value) {
      coordinated = value;
      return this;
    }

    /**
     * @throws IllegalStateException if plan or output is missing
     */
    public SlideTiling build() {
      if (plan == null || output == null) {
        throw new IllegalStateException("plan and output must be given");
      }
      return new SlideTiling(run(plan, output), this);
    }
  }

  /**
   * Tiles one slide.
   *
   * @throws io.github.gpfm.api.GpfmException if that fails; nothing of it is then written
   */
  public SlideResult run(Path slide) {
    return Failures.rethrow(run(List.of(SlideInput.of(slide))).slides().get(0));
  }

  /**
   * Tiles many slides.
   *
   * @return what became of each; a failed slide does not stop the others
   * @throws InvalidOptionException if two slides have the same name
   * @throws io.github.gpfm.api.OutputException if the folder cannot be written
   */
  public RunSummary run(List<SlideInput> slides) {
    Cohort.check(slides, run.output());
    RunReport report = new RunReport("Tissue and tiles");
    run.progress().started("tile", slides.size());
    Optional<SlideStage> stage = run.openStage();
    try (RunStore store = RunStore.open(run.output())) {
      int wide = Math.min(threads, Math.max(1, slides.size()));
      Recipe recipe = recipe(store);
      if (!coordinated) {
        store.begin(recipe);
      }
      RunSummary summary =
          new Cohort(new Tiling(store, report, stage), wide)
              .run(slides, recipe.entries(), run.progress());
      if (!coordinated) {
        run.complete(summary, report, store);
      }
      return summary;
    } finally {
      stage.ifPresent(SlideStage::close);
      run.progress().finished();
    }
  }

  /** What all results have in common; to be given to {@link SlidePieces.Run#begin}. */
  public Recipe recipe() {
    try (RunStore store = RunStore.open(run.output())) {
      return recipe(store);
    }
  }

  private Recipe recipe(RunStore store) {
    return recipe(run.recipe(store, RESULT, run.plan()));
  }

  /** Scores decide nothing about features, but are kept with coordinates. */
  private Recipe recipe(Recipe.Builder recipe) {
    return recipe.add("scores", run.plan().quality().scores()).build();
  }

  /** A slide from opening to its files. */
  private final class Tiling implements Cohort.Work {
    private final SlideWork work;
    private final RunReport report;
    private final Optional<SlideStage> stage;

    Tiling(RunStore store, RunReport report, Optional<SlideStage> stage) {
      this.work = new SlideWork(store, overwrite, run.damaged());
      this.report = report;
      this.stage = stage;
    }

    @Override
    public SlideResult make(SlideInput input) throws Exception {
      StageTimings timings = new StageTimings();
      Path file = run.output().resolve(input.name() + ".h5");
      SlideFiles files = SlideWork.files(input);
      Recipe recipe =
          timings.time("hash", () -> recipe(run.recipe(work.store(), RESULT, input, files)));
      Companions companions = run.companions(work.store(), input, files);
      SlideWork.Verdict verdict =
          coordinated
              ? work.decideUnclaimed(input, file, companions, recipe, files)
              : work.decide(input, file, companions, recipe, files);
      if (verdict.result().isPresent()) {
        return verdict.result().get();
      }
      try (SlideWork.Making making = verdict.making().orElseThrow();
          PreparedSlide prepared = run.prepare(input, files, stage, timings)) {
        return write(prepared, making, file);
      }
    }

    private SlideResult write(PreparedSlide prepared, SlideWork.Making making, Path file)
        throws Exception {
      making.requireUnchanged();
      List<Path> outputs = new ArrayList<>();
      // What an earlier run with other parameters found must not be taken for this one's.
      Files.deleteIfExists(file);
      boolean written =
          prepared
              .timings()
              .time(
                  "write",
                  () -> {
                    outputs.addAll(run.writeFiles(prepared, making.companions(), work.store()));
                    return CoordsH5.write(
                        file,
                        run.layout(),
                        prepared.slide(),
                        prepared.tiles(),
                        Optional.of(making.provenance(prepared)));
                  });
      if (written) {
        outputs.add(0, file);
      }
      report.add(prepared);
      return SlideResult.made(prepared, outputs, 0, 0, making.remark(prepared));
    }
  }
}
