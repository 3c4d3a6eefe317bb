package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.format.CoordsH5;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Slides to coordinates of tiles: for each slide {@code NAME.h5}, {@code NAME.geojson} with the
 * tissue's outlines and {@code NAME-tissue.jpg}; for the run {@code summary.json} and {@code
 * report.html}. Existing files are replaced. Immutable; may be run many times.
 */
public final class SlideTiling {
  private final SlideRun run;
  private final int threads;

  private SlideTiling(SlideRun run, int threads) {
    this.run = run;
    this.threads = threads;
  }

  /** Starts with no plan and no folder; both must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** What can be chosen; the plan is required. */
  public static final class Builder extends SlideRunBuilder<Builder> {
    private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());

    private Builder() {}

    @Override
    Builder self() {
      return this;
    }

    /** Slides worked on at the same time, at least 1; one per processor by default. */
    public Builder threads(int value) {
      if (value < 1) {
        throw new InvalidOptionException("--workers must be 1 or more, not " + value + ".");
      }
      threads = value;
      return this;
    }

    /**
     * @throws IllegalStateException if plan or output is missing
     */
    public SlideTiling build() {
      if (plan == null || output == null) {
        throw new IllegalStateException("plan and output must be given");
      }
      return new SlideTiling(run(plan, output), threads);
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
    Map<String, String> parameters = run.plan().parameters();
    Cohort.check(slides, run.output());
    RunReport report = new RunReport("Tissue and tiles");
    run.progress().started("tile", slides.size());
    try {
      int wide = Math.min(threads, Math.max(1, slides.size()));
      RunSummary summary =
          new Cohort<>(new Tiling(report), wide)
              .run(slides, run.output(), parameters, run.progress());
      run.complete(summary, report);
      return summary;
    } finally {
      run.progress().finished();
    }
  }

  /** All work is done in the first half, for many slides at once. */
  private final class Tiling implements Cohort.Work<SlideResult> {
    private final RunReport report;

    Tiling(RunReport report) {
      this.report = report;
    }

    @Override
    public Cohort.Step<SlideResult> prepare(SlideInput input) throws Exception {
      try (PreparedSlide prepared = run.prepare(input)) {
        Path file = run.output().resolve(input.name() + ".h5");
        List<Path> outputs = new ArrayList<>();
        boolean written =
            prepared
                .timings()
                .time(
                    "write",
                    () -> {
                      outputs.addAll(run.writeFiles(prepared));
                      return CoordsH5.write(file, run.layout(), prepared.slide(), prepared.tiles());
                    });
        if (written) {
          outputs.add(0, file);
        } else {
          // What an earlier run with other parameters found must not be taken for this one's.
          Files.deleteIfExists(file);
        }
        report.add(prepared);
        return Cohort.Step.done(
            new SlideResult(
                input.path(),
                input.name(),
                written ? SlideResult.Status.DONE : SlideResult.Status.EMPTY,
                List.copyOf(outputs),
                prepared.grid().size(),
                0,
                0,
                prepared.timings().seconds(),
                prepared.elapsedSeconds(),
                Optional.empty()));
      }
    }

    @Override
    public SlideResult finish(SlideResult prepared) {
      return prepared;
    }
  }
}
