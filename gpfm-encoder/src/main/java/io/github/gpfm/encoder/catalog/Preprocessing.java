package io.github.gpfm.encoder.catalog;

import java.util.List;

/**
 * What a model's authors do to an image before the network: an 8-bit antialiased resize, a centre
 * crop, a normalisation of each channel.
 *
 * @param resize which edges the resize aims at
 * @param size edge aimed at, pixels
 * @param interpolation kernel of the resize
 * @param crop edge of the centre crop, pixels; 0 for none, then {@code resize} is {@link
 *     Resize#EXACT}
 * @param mean subtracted from red, green, blue in 0..1
 * @param std divided by, for red, green, blue
 */
public record Preprocessing(
    Resize resize,
    int size,
    Interpolation interpolation,
    int crop,
    List<Double> mean,
    List<Double> std) {
  /** Which edges a resize aims at. */
  public enum Resize {
    /** Both edges become {@code size}; the aspect ratio is not kept. */
    EXACT,
    /** The shorter edge becomes {@code size}; the aspect ratio is kept. */
    SHORT_SIDE
  }

  /** Kernel of a resize, widened when shrinking. */
  public enum Interpolation {
    /** Triangle. */
    BILINEAR,
    /** Cubic, a = -0.5. */
    BICUBIC
  }

  /** Checks the ranges given above. */
  public Preprocessing {
    Sizes.positive("size", size);
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (mean.size() != 3 || std.size() != 3 || std.stream().anyMatch(s -> !(s > 0))) {
      throw new CatalogException(
          "mean and std must name three channels, std above 0, not " + mean + " and " + std + ".");
    }
    if (crop < 0 || crop > size || (crop == 0 && resize != Resize.EXACT)) {
      throw new CatalogException(
          "crop must be 1 to size " + size + ", or 0 with resize exact, not " + crop + ".");
    }
  }

  /** Edge of the square network input, pixels. */
  public int inputSize() {
    return crop == 0 ? size : crop;
  }
}
