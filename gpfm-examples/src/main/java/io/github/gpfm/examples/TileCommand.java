package io.github.gpfm.examples;

import io.github.gpfm.pipeline.SlideTiling;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.format.CoordsLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code gpfm tile}: slides to coordinates of tiles. */
@Command(
    name = "tile",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Find the tissue of slides and lay tiles over it.",
      "Per slide: NAME.h5 (coords), NAME.geojson (outlines), NAME-tissue.jpg;",
      "per run: summary.json and report.html (all slides on one page)."
    })
final class TileCommand implements Callable<Integer> {
  @ParentCommand private Gpfm gpfm;

  @Parameters(arity = "1..*", paramLabel = "SLIDE", description = "Slide files or folders.")
  private List<Path> slides;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Results' folder.")
  private Path out;

  @Mixin private SegmentationOptions segmentation;
  @Mixin private GridOptions grid;
  @Mixin private ReaderOptions readerOptions;

  @Option(
      names = "--layout",
      defaultValue = "both",
      description = "Attributes of coords: clam, trident or both (default both).")
  private CoordsLayout layout;

  @Option(
      names = "--pictures",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Write NAME.geojson and NAME-tissue.jpg (default: yes).")
  private boolean pictures;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Slides worked on at the same time (default: one per processor).")
  private @Nullable Integer workers;

  @Override
  public Integer call() {
    TilingPlan plan =
        new TilingPlan(segmentation.segmenter(), grid.tiler(segmentation.preset(), 0, 0));
    SlideTiling.Builder tiling =
        SlideTiling.builder()
            .plan(plan)
            .output(out)
            .layout(layout)
            .pictures(pictures)
            .progress(ConsoleProgress.forMany(slides.size(), "slides"));
    if (workers != null) {
      tiling.threads(workers);
    }
    return SlideReport.print(
        tiling.build().run(slides.stream().map(readerOptions::input).toList()), gpfm.stacktrace());
  }
}
