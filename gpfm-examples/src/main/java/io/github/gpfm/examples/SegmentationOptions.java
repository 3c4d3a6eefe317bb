package io.github.gpfm.examples;

import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.grid.TilingPreset;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tissue is found, by the official patcher's names. */
final class SegmentationOptions {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      description = "Published parameters: tcga, bcnb or dhmc; single options override them.")
  private @Nullable String preset;

  @Option(
      names = "--seg-level",
      paramLabel = "N",
      description = "Level to segment on (default -1: the best for a downsample of 64).")
  private @Nullable Integer segLevel;

  @Option(names = "--sthresh", paramLabel = "N", description = "Saturation threshold (default 8).")
  private @Nullable Integer sthresh;

  @Option(names = "--mthresh", paramLabel = "N", description = "Median filter size (default 7).")
  private @Nullable Integer mthresh;

  @Option(names = "--close", paramLabel = "N", description = "Closing size (default 4).")
  private @Nullable Integer close;

  @Option(
      names = "--use-otsu",
      negatable = true,
      description = "Threshold by Otsu's method instead of --sthresh.")
  private @Nullable Boolean useOtsu;

  @Option(
      names = "--a-t",
      paramLabel = "N",
      description = "Keep pieces larger than this many 512x512 level-0 patches (default 1).")
  private @Nullable Double areaTissue;

  @Option(
      names = "--a-h",
      paramLabel = "N",
      description = "Keep holes larger than this many 512x512 level-0 patches (default 1).")
  private @Nullable Double areaHole;

  @Option(
      names = "--max-n-holes",
      paramLabel = "N",
      description = "Keep at most this many holes of a piece (default 8).")
  private @Nullable Integer maxNHoles;

  Optional<TilingPreset> preset() {
    return preset == null ? Optional.empty() : Optional.of(TilingPreset.of(preset));
  }

  TissueSegmenter segmenter() {
    return new ClamSegmenter(parameters());
  }

  private SegmentationParameters parameters() {
    SegmentationParameters base =
        preset().map(TilingPreset::segmentation).orElse(TilingPlan.DEFAULT_SEGMENTATION);
    return new SegmentationParameters(
        or(segLevel, base.segLevel()),
        or(sthresh, base.sthresh()),
        or(mthresh, base.mthresh()),
        or(close, base.close()),
        or(useOtsu, base.useOtsu()),
        or(areaTissue, base.aT()),
        or(areaHole, base.aH()),
        or(maxNHoles, base.maxNHoles()),
        List.copyOf(base.keepIds()),
        List.copyOf(base.excludeIds()));
  }

  private static <T> T or(@Nullable T value, T otherwise) {
    return value == null ? otherwise : value;
  }
}
