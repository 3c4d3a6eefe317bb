package io.github.gpfm.encoder.image;

import io.github.gpfm.image.AntialiasedResize;
import io.github.gpfm.image.Interpolation;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferInt;
import java.awt.image.Raster;
import java.util.Arrays;

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

  /** The pixels of an image of any type; transparent ones composed on white. */
  public static Pixels of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[Math.multiplyExact(Math.multiplyExact(width, height), 3)];
    Raster raster = image.getRaster();
    boolean whole = isWhole(image);
    switch (image.getType()) {
      case BufferedImage.TYPE_3BYTE_BGR -> {
        if (whole) {
          fromBgr(((DataBufferByte) raster.getDataBuffer()).getData(), rgb);
        } else {
          fromAnyType(image, rgb);
        }
      }
      case BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB -> {
        boolean alpha = image.getType() == BufferedImage.TYPE_INT_ARGB;
        if (whole) {
          fromInts(((DataBufferInt) raster.getDataBuffer()).getData(), alpha, rgb);
        } else {
          fromAnyType(image, rgb);
        }
      }
      case BufferedImage.TYPE_BYTE_GRAY, BufferedImage.TYPE_USHORT_GRAY -> fromGray(image, rgb);
      default -> fromAnyType(image, rgb);
    }
    return new Pixels(width, height, rgb);
  }

  /**
   * {@link #of} and {@link #resize} in one step, without the bytes in between where the image's own
   * pixels can be read as they are.
   */
  static Pixels resized(BufferedImage image, int width, int height, Interpolation kernel) {
    boolean own =
        image.getType() == BufferedImage.TYPE_INT_RGB
            && (width != image.getWidth() || height != image.getHeight())
            && isWhole(image);
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

  /** Whether the image's array holds its pixels and no others, in order. */
  private static boolean isWhole(BufferedImage image) {
    Raster raster = image.getRaster();
    return raster.getParent() == null
        && raster.getSampleModel().getWidth() == image.getWidth()
        && raster.getDataBuffer().getOffset() == 0;
  }

  private static void fromBgr(byte[] bgr, byte[] rgb) {
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = bgr[i + 2];
      rgb[i + 1] = bgr[i + 1];
      rgb[i + 2] = bgr[i];
    }
  }

  private static void fromInts(int[] pixels, boolean alpha, byte[] rgb) {
    for (int i = 0, to = 0; to < rgb.length; i++, to += 3) {
      int pixel = pixels[i];
      int opacity = alpha ? pixel >>> 24 : 255;
      rgb[to] = onWhite(pixel >> 16 & 255, opacity);
      rgb[to + 1] = onWhite(pixel >> 8 & 255, opacity);
      rgb[to + 2] = onWhite(pixel & 255, opacity);
    }
  }

  private static void fromAnyType(BufferedImage image, byte[] rgb) {
    int width = image.getWidth();
    int[] row = new int[width];
    byte[] line = new byte[width * 3];
    for (int y = 0; y < image.getHeight(); y++) {
      fromInts(image.getRGB(0, y, width, 1, row, 0, width), true, line);
      System.arraycopy(line, 0, rgb, y * line.length, line.length);
    }
  }

  /** Samples as they are: Java's own conversion would take them as linear light and brighten. */
  private static void fromGray(BufferedImage image, byte[] rgb) {
    int shift = image.getRaster().getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE ? 0 : 8;
    int width = image.getWidth();
    int[] row = new int[width];
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRaster().getSamples(0, y, width, 1, 0, row);
      for (int x = 0; x < width; x++) {
        int at = (y * width + x) * 3;
        Arrays.fill(rgb, at, at + 3, (byte) (row[x] >> shift));
      }
    }
  }

  private static byte onWhite(int value, int opacity) {
    return (byte) (opacity == 255 ? value : (value * opacity + 255 * (255 - opacity) + 127) / 255);
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
