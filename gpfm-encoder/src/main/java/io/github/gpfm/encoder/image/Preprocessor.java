package io.github.gpfm.encoder.image;

import io.github.gpfm.image.Interpolation;
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
    Interpolation kernel = preprocessing.interpolation();
    int width = resizedEdge(image.getWidth(), image.getHeight());
    int height = resizedEdge(image.getHeight(), image.getWidth());
    return crop(Pixels.resized(image, width, height, kernel)).rgb();
  }

  /** {@link #apply(BufferedImage)} of pixels. */
  public Pixels apply(Pixels pixels) {
    int width = resizedEdge(pixels.width(), pixels.height());
    int height = resizedEdge(pixels.height(), pixels.width());
    return crop(pixels.resize(width, height, preprocessing.interpolation()));
  }

  /** torchvision's rule: the long side is truncated, not rounded. */
  private int resizedEdge(int edge, int other) {
    int size = preprocessing.size();
    boolean longer = preprocessing.resize() == Preprocessing.Resize.SHORT_SIDE && edge > other;
    return longer ? (int) ((long) size * edge / other) : size;
  }

  private Pixels crop(Pixels resized) {
    int crop = preprocessing.crop();
    if (crop == 0 || (crop == resized.width() && crop == resized.height())) {
      return resized;
    }
    // torchvision rounds the offset half to even.
    int x = (int) Math.rint((resized.width() - crop) / 2.0);
    int y = (int) Math.rint((resized.height() - crop) / 2.0);
    return resized.crop(x, y, crop, crop);
  }
}
