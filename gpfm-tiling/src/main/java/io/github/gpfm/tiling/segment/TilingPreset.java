package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.grid.ContourTest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The parameter sets published with GPFM (its patcher's {@code presets/*.csv}). */
public enum TilingPreset {
  /** {@code tcga.csv}. */
  TCGA(preset(8, 7, true, 16, 4), true),
  /** {@code BCNB.csv}. */
  BCNB(preset(10, 7, false, 16, 4), false),
  /** {@code DHMC.csv}; its median size of 6 is rounded up to 7. */
  DHMC(preset(4, 6, false, 16, 2), true);

  private final SegmentationParameters segmentation;
  private final boolean usePadding;

  TilingPreset(SegmentationParameters segmentation, boolean usePadding) {
    this.segmentation = segmentation;
    this.usePadding = usePadding;
  }

  private static SegmentationParameters preset(
      int sthresh, int mthresh, boolean otsu, double aT, double aH) {
    return new SegmentationParameters(
        SegmentationParameters.AUTO_LEVEL,
        sthresh,
        mthresh,
        4,
        otsu,
        aT,
        aH,
        8,
        List.of(),
        List.of());
  }

  /** The segmentation's parameters. */
  public SegmentationParameters segmentation() {
    return segmentation;
  }

  /** Whether tiles may reach beyond the slide's edge. */
  public boolean usePadding() {
    return usePadding;
  }

  /** Which tiles belong to tissue. */
  public ContourTest contourTest() {
    return ContourTest.FOUR_PT;
  }

  /** The name, lower case. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The preset of the given name.
   *
   * @throws InvalidOptionException if there is none
   */
  public static TilingPreset of(String label) {
    for (TilingPreset preset : values()) {
      if (preset.label().equalsIgnoreCase(label)) {
        return preset;
      }
    }
    throw new InvalidOptionException(
            "A preset must be one of "
                + String.join(", ", Arrays.stream(values()).map(TilingPreset::label).toList())
                + ", not "
                + label
                + ".")
        .about("preset");
  }
}
