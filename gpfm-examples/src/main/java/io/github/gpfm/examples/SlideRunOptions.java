package io.github.gpfm.examples;

import io.github.gpfm.pipeline.DamagePolicy;
import io.github.gpfm.pipeline.SlideRunBuilder;
import io.github.gpfm.pipeline.TileFiles;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.TileTableFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which slides are worked on and what is written of them; the same in {@code tile, embed}. */
final class SlideRunOptions {
  @Mixin private SlideListOptions list;

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

  @Option(
      names = "--damaged",
      paramLabel = "fail|skip",
      defaultValue = "fail",
      description = {
        "A slide with tiles that cannot be read: fail (default), or skip: leave these tiles out,",
        "name and count them. With skip every tile is read once more."
      })
  private DamagePolicy damaged;

  /** Checks what can be checked without a slide; also done where the plan is still to come. */
  TileFiles tileFiles() {
    return new TileFiles(mosaic, Optional.ofNullable(table).map(TileTableFormat::of), tilesGeoJson);
  }

  /** The slides that the list leaves, each with how it is opened. */
  SlideListOptions.Selection select(TilingPlan plan) {
    return list.select(plan);
  }

  /** Hands all of it to a run. */
  <B extends SlideRunBuilder<B>> B apply(
      B builder, TilingPlan plan, SlideListOptions.Selection selection) {
    selection.list().ifPresent(builder::slideList);
    return builder
        .plan(plan)
        .output(list.out())
        .layout(layout)
        .pictures(pictures)
        .damaged(damaged)
        .tileFiles(tileFiles());
  }
}
