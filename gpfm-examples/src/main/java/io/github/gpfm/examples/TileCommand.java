package io.github.gpfm.examples;

import io.github.gpfm.pipeline.SlideTiling;
import io.github.gpfm.pipeline.TilingPlan;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm tile}: slides to coordinates of tiles. */
@Command(
    name = "tile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Find the tissue of slides and lay tiles over it.",
      "Per slide: NAME.h5 (coords), NAME.geojson (outlines), NAME-tissue.jpg;",
      "per run: summary.json, report.html (all slides on one page), process_list.csv (CLAM's).",
      "A finished slide is skipped; several processes may share DIR."
    })
final class TileCommand implements Callable<Integer> {
  @ParentCommand private Gpfm gpfm;

  @Mixin private SlideRunOptions run;
  @Mixin private PlanOptions planOptions;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Slides worked on at the same time (default: one per processor).")
  private @Nullable Integer workers;

  @Option(names = "--overwrite", description = "Do finished slides again.")
  private boolean overwrite;

  @Override
  public Integer call() {
    TilingPlan plan = planOptions.plan();
    SlideListOptions.Selection selection = run.select(plan);
    SlideTiling.Builder tiling =
        run.apply(SlideTiling.builder(), plan, selection)
            .overwrite(overwrite)
            .progress(ConsoleProgress.forMany(selection.slides().size(), "slides"));
    if (workers != null) {
      tiling.threads(workers);
    }
    return SlideReport.print(tiling.build().run(selection.slides()), gpfm.stacktrace());
  }
}
