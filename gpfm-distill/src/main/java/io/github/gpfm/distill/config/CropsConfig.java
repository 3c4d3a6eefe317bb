package io.github.gpfm.distill.config;

import java.util.List;

/**
 * Multi-crop augmentation.
 *
 * @param globalSize edge of the two global crops, pixels
 * @param localSize edge of the local crops, pixels
 * @param localCount local crops per tile
 * @param globalScaleMin least share of the tile's area in a global crop
 * @param globalScaleMax largest share
 * @param localScaleMin least share of the tile's area in a local crop
 * @param localScaleMax largest share
 * @param blur which blur probabilities apply
 * @param colour strength of the colour jitter, 1 as DINOv2's, 0 for none
 * @param solarize whether the second global view may be solarised
 * @param stainJitter standard deviation of the stain (haematoxylin, eosin) jitter; 0 for none
 * @param rotations whether crops are turned by multiples of 90 degrees
 * @param mean per channel, of pixels in [0, 1]
 * @param std per channel, of pixels in [0, 1]
 */
public record CropsConfig(
    int globalSize,
    int localSize,
    int localCount,
    double globalScaleMin,
    double globalScaleMax,
    double localScaleMin,
    double localScaleMax,
    Blur blur,
    double colour,
    boolean solarize,
    double stainJitter,
    boolean rotations,
    List<Double> mean,
    List<Double> std) {
  /** The same with global crops of another size. */
  public CropsConfig withGlobalSize(int size) {
    return new CropsConfig(
        size,
        localSize,
        localCount,
        globalScaleMin,
        globalScaleMax,
        localScaleMin,
        localScaleMax,
        blur,
        colour,
        solarize,
        stainJitter,
        rotations,
        mean,
        std);
  }

  /** Blur probabilities of first global, second global and local crops. */
  public enum Blur {
    /** 0, 0.9, 0.5: what the official code does, its wrapper taking one minus the probability. */
    CODE,
    /** 1, 0.1, 0.5: what DINO's paper says and the code's arguments read. */
    PAPER,
    /** Never. */
    NONE
  }
}
