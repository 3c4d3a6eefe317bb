package io.github.gpfm.examples;

import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideList;
import io.github.gpfm.pipeline.SlideRunBuilder;
import io.github.gpfm.pipeline.TileFiles;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.TileTableFormat;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which slides are worked on and what is written of them; the same in {@code tile, embed}. */
final class SlideRunOptions {
  @Parameters(arity = "1..*", paramLabel = "SLIDE", description = "Slide files or folders.")
  private List<Path> slides;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Results' folder.")
  private Path out;

  @Option(
      names = "--process-list",
      paramLabel = "F.csv",
      description =
          "CLAM's process list: each slide's own parameters over those given here, slides with"
              + " process 0 left out; SLIDE may be the folder that holds the listed slides.")
  private @Nullable Path processList;

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
      description = "Write NAME.geojson, NAME-tissue.jpg and report.html (default: yes).")
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

  @Mixin private ReaderOptions reader;

  /** A run whose options were read: what to work on. */
  record Selection(List<SlideInput> slides, Optional<SlideList> list) {}

  /** Checks what can be checked without a slide; also done where the plan is still to come. */
  TileFiles tileFiles() {
    return new TileFiles(mosaic, Optional.ofNullable(table).map(TileTableFormat::of), tilesGeoJson);
  }

  /** The slides that the list leaves, each with how it is opened. */
  Selection select(TilingPlan plan) {
    Optional<SlideList> list = list(plan);
    List<Path> selected = list.map(one -> one.select(slides)).orElse(slides);
    return new Selection(selected.stream().map(reader::input).toList(), list);
  }

  /** Hands all of it to a run. */
  <B extends SlideRunBuilder<B>> B apply(B builder, TilingPlan plan, Selection selection) {
    selection.list().ifPresent(builder::slideList);
    return builder.plan(plan).output(out).layout(layout).pictures(pictures).tileFiles(tileFiles());
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
