package io.github.gpfm.api;

/**
 * One level of a pyramid.
 *
 * @param index 0 is the largest level
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param downsample how many level-0 pixels one pixel of this level spans on each axis, as
 *     OpenSlide defines it: the mean of the width and the height ratio; 1.0 for level 0
 */
public record SlideLevel(int index, long width, long height, double downsample) {
  /** Checks the ranges given above. */
  public SlideLevel {
    if (index < 0 || width < 1 || height < 1 || !(downsample > 0)) {
      throw new IllegalArgumentException(
          "impossible level: index " + index + ", " + width + "x" + height + ", /" + downsample);
    }
  }
}
