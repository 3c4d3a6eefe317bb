package io.github.gpfm.encoder.image;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.image.Interpolation;
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

  /** Channel means of ImageNet. */
  public static final List<Double> IMAGENET_MEAN = List.of(0.485, 0.456, 0.406);

  /** Channel standard deviations of ImageNet. */
  public static final List<Double> IMAGENET_STD = List.of(0.229, 0.224, 0.225);

  /** GPFM: to 224 x 224, bicubic, ImageNet normalisation. */
  public static final Preprocessing GPFM = exact(224);

  /** Checks the ranges given above. */
  public Preprocessing {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
    if (size < 1 || mean.size() != 3 || std.size() != 3 || std.stream().anyMatch(s -> !(s > 0))) {
      throw new InvalidOptionException(
          "size must be positive, mean and std name three channels, std above 0, not %d, %s, %s."
              .formatted(size, mean, std));
    }
    if (crop < 0 || crop > size || (crop == 0 && resize != Resize.EXACT)) {
      throw new InvalidOptionException(
          "crop must be 1 to size %d, or 0 with resize EXACT, not %d.".formatted(size, crop));
    }
  }

  /** To a square by bicubic resize, with ImageNet normalisation. */
  public static Preprocessing exact(int size) {
    return new Preprocessing(
        Resize.EXACT, size, Interpolation.BICUBIC, 0, IMAGENET_MEAN, IMAGENET_STD);
  }

  /**
   * The same without what a crop takes from a square image: the network sees all of it, in its
   * input's size. Of an oblong image whose shorter edge is resized it sees the middle, undistorted,
   * as the authors' model does.
   */
  public Preprocessing ofWholeImages() {
    int edge = inputSize();
    return new Preprocessing(
        resize, edge, interpolation, resize == Resize.EXACT ? 0 : edge, mean, std);
  }

  /** Edge of the square network input, pixels. */
  public int inputSize() {
    return crop == 0 ? size : crop;
  }

  /** Share of a square image's edge that the network sees; below 1 where a crop follows. */
  public double seenShare() {
    return (double) inputSize() / size;
  }
}
