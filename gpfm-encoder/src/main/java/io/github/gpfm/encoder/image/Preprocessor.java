package io.github.gpfm.encoder.image;

import java.awt.image.BufferedImage;

/**
 * Makes the 8-bit network input of an image. The normalisation to floating point is part of the
 * network's program, so that a quarter of the bytes goes to the device. Thread-safe.
 *
 * @param preprocessing what to do
 */
public record Preprocessor(Preprocessing preprocessing) {
  /**
   * @return inputSize x inputSize x 3, row-major RGB
   */
  public byte[] apply(BufferedImage image) {
    return apply(Pixels.of(image)).rgb();
  }

  /** {@link #apply(BufferedImage)} of pixels. */
  public Pixels apply(Pixels pixels) {
    int size = preprocessing.size();
    int width = size;
    int height = size;
    if (preprocessing.resize() == Preprocessing.Resize.SHORT_SIDE) {
      // torchvision's rule: the long side is truncated, not rounded.
      if (pixels.width() <= pixels.height()) {
        height = (int) ((long) size * pixels.height() / pixels.width());
      } else {
        width = (int) ((long) size * pixels.width() / pixels.height());
      }
    }
    Pixels resized = pixels.resize(width, height, preprocessing.interpolation());
    int crop = preprocessing.crop();
    if (crop == 0 || (crop == width && crop == height)) {
      return resized;
    }
    // torchvision rounds the offset half to even.
    int x = (int) Math.rint((width - crop) / 2.0);
    int y = (int) Math.rint((height - crop) / 2.0);
    return resized.crop(x, y, crop, crop);
  }
}
