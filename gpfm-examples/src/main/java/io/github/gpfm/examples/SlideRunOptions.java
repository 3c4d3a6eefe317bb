package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.pipeline.DamagePolicy;
import io.github.gpfm.pipeline.SlideRunBuilder;
import io.github.gpfm.pipeline.Staging;
import io.github.gpfm.pipeline.TileFiles;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.format.CoordsLayout;
import io.github.gpfm.tiling.format.TileTableFormat;
import java.nio.file.Path;
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

  @Option(
      names = "--stage",
      paramLabel = "DIR",
      description = {
        "Copy each slide to this folder before it is read, the next one while one is worked on, and",
        "remove it after: for slides on slow storage."
      })
  private @Nullable Path stage;

  @Option(
      names = "--stage-bytes",
      paramLabel = "N",
      description =
          "With --stage: most bytes of copies at a time, for instance 200G (default 64G).")
  private @Nullable String stageBytes;

  private Optional<Staging> staging() {
    if (stage == null) {
      if (stageBytes != null) {
        throw new InvalidOptionException("--stage-bytes needs --stage DIR: where copies go.");
      }
      return Optional.empty();
    }
    return Optional.of(
        stageBytes == null ? Staging.in(stage) : new Staging(stage, bytes(stageBytes)));
  }

  /** A number with K, M, G or T for powers of 1024. */
  private static long bytes(String text) {
    int unit = "KMGT".indexOf(Character.toUpperCase(text.charAt(text.length() - 1))) + 1;
    try {
      long number = Long.parseLong(unit == 0 ? text : text.substring(0, text.length() - 1));
      return Math.multiplyExact(number, 1L << 10 * unit);
    } catch (NumberFormatException | ArithmeticException e) {
      throw new InvalidOptionException(
          "--stage-bytes must be a number of bytes such as 200G, not " + text + ".", e);
    }
  }

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
    staging().ifPresent(builder::staging);
    return builder
        .plan(plan)
        .output(list.out())
        .layout(layout)
        .pictures(pictures)
        .damaged(damaged)
        .tileFiles(tileFiles());
  }
}
