package io.github.gpfm.encoder.image;

import io.github.gpfm.image.AntialiasedResize;
import io.github.gpfm.image.Interpolation;
import io.github.gpfm.image.RgbImages;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;

/**
 * An 8-bit RGB picture.
 *
 * @param width columns
 * @param height rows
 * @param rgb height x width x 3, row-major; not copied
 */
public record Pixels(int width, int height, byte[] rgb) {
  /** Checks the length. */
  public Pixels {
    if (width < 1 || height < 1 || (long) width * height * 3 != rgb.length) {
      throw new IllegalArgumentException(
          width + " x " + height + " x 3 do not fit " + rgb.length + " bytes");
    }
  }

  /** The pixels of an image of any type by {@link RgbImages}' rule: transparent ones on white. */
  public static Pixels of(BufferedImage image) {
    return new Pixels(image.getWidth(), image.getHeight(), RgbImages.samples(image));
  }

  /**
   * {@link #of} and {@link #resize} in one step, without the bytes in between where the image's own
   * pixels can be read as they are.
   */
  static Pixels resized(BufferedImage image, int width, int height, Interpolation kernel) {
    boolean own =
        image.getType() == BufferedImage.TYPE_INT_RGB
            && (width != image.getWidth() || height != image.getHeight())
            && RgbImages.isWhole(image);
    if (!own) {
      return of(image).resize(width, height, kernel);
    }
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    return new Pixels(
        width,
        height,
        AntialiasedResize.toBytes(
            pixels, image.getWidth(), image.getHeight(), width, height, kernel));
  }

  /**
   * The resized picture, equal to Pillow's {@code resize} of an RGB image: horizontal pass first,
   * each pass rounded to 8 bits.
   */
  public Pixels resize(int toWidth, int toHeight, Interpolation kernel) {
    if (toWidth == width && toHeight == height) {
      return this;
    }
    return new Pixels(
        toWidth, toHeight, AntialiasedResize.resize(rgb, width, height, toWidth, toHeight, kernel));
  }

  /** The part whose upper left corner is ({@code x}, {@code y}). */
  public Pixels crop(int x, int y, int cropWidth, int cropHeight) {
    byte[] part = new byte[cropWidth * cropHeight * 3];
    for (int row = 0; row < cropHeight; row++) {
      System.arraycopy(rgb, ((y + row) * width + x) * 3, part, row * cropWidth * 3, cropWidth * 3);
    }
    return new Pixels(cropWidth, cropHeight, part);
  }
}
