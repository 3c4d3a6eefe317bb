package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.pipeline.ScriptTissueModel;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.pipeline.tissue.TissueNetworks;
import io.github.gpfm.tiling.given.MaskSegmenter;
import io.github.gpfm.tiling.given.NoSegmenter;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.HsvEntropySegmenter;
import io.github.gpfm.tiling.segment.ModelSegmenter;
import io.github.gpfm.tiling.segment.OtsuSegmenter;
import io.github.gpfm.tiling.segment.RegionFilter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import io.github.gpfm.tiling.segment.TilingPreset;
import io.github.gpfm.tiling.segment.TissueModel;
import io.github.gpfm.tiling.segment.TissueSegmenter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How tissue is found; the official patcher's parameters have its names. */
final class SegmentationOptions {
  private static final List<String> NETWORKS =
      Arrays.stream(TissueNetworks.values()).map(TissueNetworks::label).toList();

  @Option(
      names = "--segmenter",
      paramLabel = "NAME",
      description =
          "clam (the official one), otsu (TRIDENT's), hsv-entropy (for faint and fatty tissue),"
              + " hest, grandqc or grandqc-artifact (networks; need --segmenter-weights) or model (a"
              + " TorchScript file); default clam.")
  private @Nullable String segmenter;

  @Option(
      names = "--mask",
      paramLabel = "PATH",
      description =
          "Tissue is what this marks, instead of a segmenter: a mask image of the whole slide (PNG,"
              + " TIFF, BMP, GIF; not 0 is tissue), areas in GeoJSON, or a folder with one for each"
              + " slide (NAME.png, NAME-mask.tif, NAME.geojson and the like).")
  private @Nullable Path mask;

  @Option(
      names = "--segmenter-weights",
      paramLabel = "F",
      description = "For --segmenter hest, grandqc and grandqc-artifact: the authors' weight file.")
  private @Nullable Path networkWeights;

  @Option(
      names = "--segmenter-model",
      paramLabel = "F.pt",
      description =
          "For --segmenter model: TorchScript that takes [n, 3, h, w] and gives logits"
              + " [n, 1 or classes, h, w].")
  private @Nullable Path model;

  @Option(
      names = "--segmenter-size",
      paramLabel = "PX",
      defaultValue = "512",
      description = "For --segmenter model: edge of the tiles it takes (default 512).")
  private int modelSize;

  @Option(
      names = "--segmenter-mpp",
      paramLabel = "UM",
      defaultValue = "8",
      description = "For --segmenter model: um per pixel of the tiles it takes (default 8).")
  private double modelMpp;

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

  /** Where the mask is, if tissue is taken from one. */
  Optional<Path> mask() {
    return Optional.ofNullable(mask);
  }

  /**
   * The segmenter asked for.
   *
   * @param tilesAreGiven whether no tissue is needed where none is asked for
   */
  TissueSegmenter segmenter(boolean tilesAreGiven) {
    if (mask == null && segmenter == null && tilesAreGiven) {
      return new NoSegmenter();
    }
    if (mask != null && segmenter != null) {
      throw new InvalidOptionException(
          "--mask and --segmenter contradict each other: give one of them.");
    }
    String name = mask != null ? "mask" : segmenter == null ? "clam" : segmenter;
    if (name.equalsIgnoreCase("clam")) {
      return new ClamSegmenter(parameters());
    }
    if (preset != null
        || segLevel != null
        || sthresh != null
        || mthresh != null
        || close != null
        || useOtsu != null) {
      throw new InvalidOptionException(
          "--preset, --seg-level, --sthresh, --mthresh, --close and --use-otsu belong to"
              + " --segmenter clam and contradict "
              + (mask != null ? "--mask" : "--segmenter " + name)
              + ".");
    }
    boolean network = NETWORKS.contains(name.toLowerCase(Locale.ROOT));
    if (networkWeights != null && !network) {
      throw new InvalidOptionException(
          "--segmenter-weights belongs to --segmenter %s.".formatted(String.join(", ", NETWORKS)));
    }
    if (mask != null) {
      return new MaskSegmenter(mask, filter(MaskSegmenter.EVERYTHING));
    }
    RegionFilter filter = filter(RegionFilter.DEFAULT);
    if (network) {
      return new ModelSegmenter(network(name), 0.5, 8, filter);
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "otsu" -> new OtsuSegmenter(filter);
      case "hsv-entropy" -> new HsvEntropySegmenter().withFilter(filter);
      case "model" -> new ModelSegmenter(model(), 0.5, 8, filter);
      default ->
          throw new InvalidOptionException(
              "--segmenter must be clam, otsu, hsv-entropy, %s or model, not %s."
                  .formatted(String.join(", ", NETWORKS), name));
    };
  }

  private RegionFilter filter(RegionFilter otherwise) {
    return new RegionFilter(
        or(areaTissue, otherwise.aT()),
        or(areaHole, otherwise.aH()),
        or(maxNHoles, otherwise.maxNHoles()));
  }

  /** A published network; it lives as long as the command. */
  private TissueModel network(String name) {
    TissueNetworks chosen = TissueNetworks.of(name);
    if (networkWeights == null) {
      throw new InvalidOptionException(
          "--segmenter %s needs --segmenter-weights F: download %s."
              .formatted(chosen.label(), chosen.source()));
    }
    return chosen.open(networkWeights, ComputeDevice.auto());
  }

  /** The network lives as long as the command. */
  private TissueModel model() {
    if (model == null) {
      throw new InvalidOptionException("--segmenter model needs --segmenter-model F.pt.");
    }
    return ScriptTissueModel.open(
        model, ScriptTissueModel.Settings.of(modelSize, modelMpp), ComputeDevice.auto());
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
