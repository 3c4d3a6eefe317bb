package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.dataset.ExtractOptions;
import io.github.gpfm.tiling.dataset.ExtractReport;
import io.github.gpfm.tiling.dataset.TileChoice;
import io.github.gpfm.tiling.dataset.TileEncoding;
import io.github.gpfm.tiling.dataset.TileExtractor;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpfm extract}: slides to shards of tiles for training. */
@Command(
    name = "extract",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Write the tiles of slides as WebDataset shards for training.",
      "In DIR: shard-000000.tar and so on (an image and a JSON file per tile), index.json.",
      "The same call resumes a run that was stopped; the shards are the same to the byte."
    })
final class ExtractCommand implements Callable<Integer> {
  /** What GPFM was trained on and is used with: 512 pixels at 40x. */
  static final int TILE_SIZE = 512;

  static final double MPP = 0.25;

  @Mixin private SlideListOptions list;

  @Option(
      names = "--shard-size",
      paramLabel = "N",
      defaultValue = "1000",
      description = "Tiles a shard (default 1000).")
  private int shardSize;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      defaultValue = "jpeg",
      description = "jpeg, png or webp (default jpeg).")
  private String format;

  @Option(
      names = "--quality",
      paramLabel = "N",
      defaultValue = "90",
      description = "Quality of JPEG and WebP, 1 to 100 (default 90).")
  private int encodingQuality;

  @Option(names = "--lossless", description = "With --format webp: keep every pixel's value.")
  private boolean lossless;

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Choose this many tiles of all slides at random (default: all).")
  private @Nullable Integer sample;

  @Option(
      names = "--stratified",
      description = "With --sample: the same number from every slide, as far as it has them.")
  private boolean stratified;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Slides and tiles worked on at the same time (default: one per processor).")
  private @Nullable Integer workers;

  @Option(
      names = "--skip-broken",
      description = "Leave out slides that cannot be read; otherwise nothing is written then.")
  private boolean skipBroken;

  @Mixin private PlanOptions planOptions;

  @Override
  public Integer call() {
    TilingPlan plan = planOptions.plan(TILE_SIZE, MPP);
    SlideListOptions.Selection selection = list.select(plan);
    ExtractOptions.Builder options =
        ExtractOptions.builder(plan.recipe())
            .choice(choice())
            .encoding(TileEncoding.of(format, encodingQuality, lossless))
            .shardSize(shardSize)
            .skipBroken(skipBroken);
    if (workers != null) {
      options.threads(workers);
    }
    for (SlideInput slide : selection.slides()) {
      options.recipeOf(slide.path(), selection.planFor(slide, plan).recipe());
    }
    ExtractReport report =
        new TileExtractor(options.build(), list.opener())
            .extract(
                selection.slides().stream().map(SlideInput::path).toList(),
                list.out(),
                ConsoleProgress.create("done"));
    System.out.printf(
        Locale.ROOT,
        "%s: %d tiles of %d slides in %d shards%s%n",
        list.out(),
        report.tiles(),
        report.tilesBySlide().size(),
        report.shards().size(),
        report.resumed() > 0 ? " (" + report.resumed() + " were there)" : "");
    report.broken().forEach((slide, reason) -> System.err.println(reason));
    return report.broken().isEmpty() ? 0 : 1;
  }

  private TileChoice choice() {
    if (sample == null && stratified) {
      throw new InvalidOptionException("--stratified needs --sample N: how many tiles to choose.");
    }
    return new TileChoice(
        sample == null ? OptionalInt.empty() : OptionalInt.of(sample),
        stratified,
        planOptions.seed());
  }
}
