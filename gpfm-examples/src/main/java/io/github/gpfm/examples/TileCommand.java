package io.github.gpfm.examples;

import io.github.gpfm.pipeline.SlideList;
import io.github.gpfm.pipeline.SlideTiling;
import io.github.gpfm.pipeline.TileFiles;
import io.github.gpfm.pipeline.TileQuality;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.TileTableFormat;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
      "per run: summary.json, report.html (all slides on one page), process_list.csv (CLAM's)."
    })
final class TileCommand implements Callable<Integer> {
  @ParentCommand private Gpfm gpfm;

  @Parameters(arity = "1..*", paramLabel = "SLIDE", description = "Slide files or folders.")
  private List<Path> slides;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Results' folder.")
  private Path out;

  @Mixin private SegmentationOptions segmentation;
  @Mixin private GridOptions grid;
  @Mixin private QualityOptions quality;
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
      names = "--mosaic",
      description = "Write NAME-mosaic.jpg: the tiles in their places and nothing else.")
  private boolean mosaic;

  @Option(
      names = "--table",
      paramLabel = "FORMAT",
      description = "Write NAME-tiles.FORMAT, a row a tile with its scores: csv or parquet.")
  private @Nullable String table;

  @Option(
      names = "--tiles-geojson",
      description = "Write NAME-tiles.geojson: tiles as QuPath detections with measurements.")
  private boolean tilesGeoJson;

  @Option(
      names = "--process-list",
      paramLabel = "F.csv",
      description =
          "CLAM's process list: each slide's own parameters over those given here, slides with"
              + " process 0 left out; SLIDE may be the folder that holds the listed slides.")
  private @Nullable Path processList;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Slides worked on at the same time (default: one per processor).")
  private @Nullable Integer workers;

  @Override
  public Integer call() {
    TilingPlan plan =
        new TilingPlan(
            segmentation.segmenter(),
            grid.tiler(segmentation.preset(), 0, 0),
            new TileQuality(quality.scores(), quality.filters()));
    TileFiles files =
        new TileFiles(mosaic, Optional.ofNullable(table).map(TileTableFormat::of), tilesGeoJson);
    Optional<SlideList> list = list(plan);
    List<Path> selected = list.map(one -> one.select(slides)).orElse(slides);
    SlideTiling.Builder tiling =
        SlideTiling.builder()
            .plan(plan)
            .output(out)
            .layout(layout)
            .pictures(pictures)
            .tileFiles(files)
            .progress(ConsoleProgress.forMany(selected.size(), "slides"));
    list.ifPresent(tiling::slideList);
    if (workers != null) {
      tiling.threads(workers);
    }
    return SlideReport.print(
        tiling.build().run(selected.stream().map(readerOptions::input).toList()),
        gpfm.stacktrace());
  }

  /** CLAM's list holds parameters of its own segmenter only. */
  private Optional<SlideList> list(TilingPlan plan) {
    if (processList != null) {
      return Optional.of(SlideList.read(processList, plan));
    }
    return plan.segmenter() instanceof ClamSegmenter
        ? Optional.of(SlideList.of(plan))
        : Optional.empty();
  }
}
