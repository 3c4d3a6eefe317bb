package io.github.gpfm.pipeline.tissue;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.tiling.segment.TissueModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Published networks that find tissue, as TRIDENT uses them: tiles of 512 pixels side by side,
 * ImageNet's mean and deviation, a probability of 0.5.
 */
public enum TissueNetworks {
  /**
   * HEST's DeepLabV3 on ResNet-50, at 1 µm per pixel ({@code deeplabv3_seg_v4.ckpt} of <a
   * href="https://huggingface.co/MahmoodLab/hest-tissue-seg">MahmoodLab/hest-tissue-seg</a>).
   */
  HEST(
      new DeepLabNetwork(
          64, List.of(64, 128, 256, 512), List.of(3, 4, 6, 3), 256, List.of(12, 24, 36), 2),
      1.0,
      1,
      false,
      false,
      "deeplabv3_seg_v4.ckpt from https://huggingface.co/MahmoodLab/hest-tissue-seg"),
  /**
   * GrandQC's UNet++ on EfficientNet-B0 for tissue, at 10 µm per pixel ({@code
   * Tissue_Detection_MPP10.pth}; Weng et al., Nature Communications 2024). Tiles are compressed as
   * JPEG first, as those it was trained on.
   */
  GRANDQC(
      MobileUnetNetwork.b0(2, true),
      10.0,
      0,
      false,
      true,
      "Tissue_Detection_MPP10.pth from https://github.com/cpath-ukk/grandqc"),
  /**
   * GrandQC's U-Net on EfficientNet-B0 for tissue free of artefacts, at 1 µm per pixel ({@code
   * GrandQC_MPP1_state_dict.pth}): folds, dark spots, pen, edges, bubbles and what is out of focus
   * are no tissue here.
   */
  GRANDQC_ARTIFACT(
      MobileUnetNetwork.b0(8, false),
      1.0,
      1,
      true,
      false,
      "GrandQC_MPP1_state_dict.pth from https://huggingface.co/MahmoodLab/hest-tissue-seg");

  private static final int TILE_SIZE = 512;

  private final SegmentationNetwork network;
  private final double mpp;
  private final int tissueClass;
  private final boolean clean;
  private final boolean compressed;
  private final String source;

  TissueNetworks(
      SegmentationNetwork network,
      double mpp,
      int tissueClass,
      boolean clean,
      boolean compressed,
      String source) {
    this.network = network;
    this.mpp = mpp;
    this.tissueClass = tissueClass;
    this.clean = clean;
    this.compressed = compressed;
    this.source = source;
  }

  /** Name on the command line, for instance {@code grandqc-artifact}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The authors' weight file and where they offer it. */
  public String source() {
    return source;
  }

  /**
   * The network of that {@link #label()}.
   *
   * @throws InvalidOptionException naming those there are
   */
  public static TissueNetworks of(String label) {
    for (TissueNetworks one : values()) {
      if (one.label().equals(label.toLowerCase(Locale.ROOT))) {
        return one;
      }
    }
    throw new InvalidOptionException(
        "There is no tissue network '%s'; choose one of %s."
            .formatted(label, Arrays.stream(values()).map(TissueNetworks::label).toList()));
  }

  /**
   * Opens the network.
   *
   * @param weights its authors' file
   * @param device where it runs; the first one where several are meant
   * @throws io.github.gpfm.api.WeightsException if the file is not exactly of this network, naming
   *     a tensor at fault
   */
  public TissueModel open(Path weights, ComputeDevice device) {
    return open(network, WeightFile.open(weights), TILE_SIZE, device);
  }

  TissueModel open(
      SegmentationNetwork structure, WeightFile file, int tileSize, ComputeDevice device) {
    return NetworkTissueModel.load(
        label(),
        structure,
        file,
        new NetworkTissueModel.Use(tileSize, mpp, tissueClass, clean, compressed),
        device.resolve().get(0));
  }
}
