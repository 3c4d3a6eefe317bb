package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.tiling.format.CoordsH5;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.ProcessList;
import io.github.gpfm.tiling.picture.CohortReport;
import io.github.gpfm.tiling.picture.ReportRow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Slides to coordinates of tiles: for each slide {@code NAME.h5}, {@code NAME.geojson} with the
 * tissue's outlines and {@code NAME-tissue.jpg}; for the run {@code summary.json} and {@code
 * report.html}. Existing files are replaced. Immutable; may be run many times.
 */
public final class SlideTiling {
  private final TilingPlan plan;
  private final Path output;
  private final CoordsLayout layout;
  private final boolean pictures;
  private final TileFiles tileFiles;
  private final Optional<SlideList> slideList;
  private final int threads;
  private final ProgressListener progress;

  private SlideTiling(Builder builder, TilingPlan plan, Path output) {
    this.plan = plan;
    this.output = output;
    this.layout = builder.layout;
    this.pictures = builder.pictures;
    this.tileFiles = builder.tileFiles;
    this.slideList = builder.slideList;
    this.threads = builder.threads;
    this.progress = builder.progress;
  }

  /** Starts with no plan and no folder; both must be given. */
  public static Builder builder() {
    return new Builder();
  }

  /** What can be chosen. */
  public static final class Builder {
    private @Nullable TilingPlan plan;
    private @Nullable Path output;
    private CoordsLayout layout = CoordsLayout.BOTH;
    private boolean pictures = true;
    private TileFiles tileFiles = TileFiles.NONE;
    private Optional<SlideList> slideList = Optional.empty();
    private int threads = Math.max(1, Runtime.getRuntime().availableProcessors());
    private ProgressListener progress = ProgressListener.NONE;

    private Builder() {}

    /** How tissue is found and tiles are laid; required. */
    public Builder plan(TilingPlan value) {
      plan = value;
      return this;
    }

    /** The folder of the results; made when the first is written; required. */
    public Builder output(Path value) {
      output = value;
      return this;
    }

    /** Whose attributes the coordinates carry; both CLAM's and TRIDENT's by default. */
    public Builder layout(CoordsLayout value) {
      layout = value;
      return this;
    }

    /** Whether outlines and pictures are written; they are by default. */
    public Builder pictures(boolean value) {
      pictures = value;
      return this;
    }

    /** What else is written of the tiles; nothing by default. */
    public Builder tileFiles(TileFiles value) {
      tileFiles = value;
      return this;
    }

    /**
     * Each slide's own parameters; {@code process_list.csv} is then written for the run. None by
     * default.
     */
    public Builder slideList(SlideList value) {
      slideList = Optional.of(value);
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

    /** Who hears of finished slides. */
    public Builder progress(ProgressListener value) {
      progress = value;
      return this;
    }

    /**
     * @throws IllegalStateException if plan or output is missing
     */
    public SlideTiling build() {
      if (plan == null || output == null) {
        throw new IllegalStateException("plan and output must be given");
      }
      return new SlideTiling(this, plan, output);
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
    Map<String, String> parameters = plan.parameters();
    Cohort.check(slides, output);
    progress.started("tile", slides.size());
    try {
      int wide = Math.min(threads, Math.max(1, slides.size()));
      Tiling tiling = new Tiling();
      RunSummary summary = new Cohort<>(tiling, wide).run(slides, output, parameters, progress);
      if (summary.isWorthKeeping() && Files.isDirectory(output)) {
        if (pictures) {
          tiling.writeReport(summary);
        }
        slideList.ifPresent(
            list -> ProcessList.write(output.resolve("process_list.csv"), list.after(summary)));
      }
      return summary;
    } finally {
      progress.finished();
    }
  }

  /** All work is done in the first half, for many slides at once. */
  private final class Tiling implements Cohort.Work<SlideResult> {
    private final Map<String, ReportRow> rows = new ConcurrentHashMap<>();

    /** One page for all slides, in their order. */
    void writeReport(RunSummary summary) {
      List<ReportRow> all = new ArrayList<>();
      for (SlideResult result : summary.slides()) {
        ReportRow row = rows.get(result.name());
        String reason =
            result.failure().map(failure -> String.valueOf(failure.getMessage())).orElse("");
        all.add(
            row == null || result.failure().isPresent()
                ? ReportRow.failed(result.name(), reason, result.totalSeconds())
                : row);
      }
      CohortReport.write(output.resolve("report.html"), "Tissue and tiles", all);
    }

    @Override
    public Cohort.Step<SlideResult> prepare(SlideInput input) throws Exception {
      TilingPlan own = slideList.map(list -> list.planFor(input)).orElse(plan);
      try (PreparedSlide prepared = PreparedSlide.prepare(input, own, pictures)) {
        Path file = output.resolve(input.name() + ".h5");
        List<Path> outputs = new ArrayList<>();
        boolean written =
            prepared
                .timings()
                .time(
                    "write",
                    () -> {
                      if (pictures) {
                        outputs.addAll(PictureFiles.write(prepared, output));
                      }
                      outputs.addAll(tileFiles.write(prepared, output));
                      return CoordsH5.write(file, layout, prepared.slide(), prepared.tiles());
                    });
        if (written) {
          outputs.add(0, file);
        } else {
          // What an earlier run with other parameters found must not be taken for this one's.
          java.nio.file.Files.deleteIfExists(file);
        }
        prepared
            .picture()
            .ifPresent(
                picture ->
                    rows.put(
                        input.name(),
                        ReportRow.of(
                            prepared.slide(),
                            prepared.tissue(),
                            prepared.grid(),
                            picture,
                            prepared.elapsedSeconds())));
        return Cohort.Step.done(
            new SlideResult(
                input.path(),
                input.name(),
                written ? SlideResult.Status.DONE : SlideResult.Status.EMPTY,
                List.copyOf(outputs),
                prepared.grid().size(),
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
