package io.github.gpfm.image;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.stream.IntStream;

/**
 * Resizes 8-bit RGB images exactly as Pillow's {@code Image.resize}: the filter's support grows
 * with the reduction, coefficients are fixed-point with 22 bits, the horizontal pass comes first,
 * and both passes round to 8 bits.
 *
 * <p>Rows are pushed one by one and only as many are kept as the filter spans, so that images
 * larger than memory can be reduced. Not thread-safe; one instance per image.
 */
public final class AntialiasedResize {
  /** Receives finished rows. */
  @FunctionalInterface
  public interface RowSink {
    /**
     * @param y number of the row, from 0
     * @param rgb packed 0xRRGGBB pixels; overwritten afterwards
     */
    void row(int y, int[] rgb);
  }

  /** Intermediate pixels that are kept at once (48 MB); larger images go row by row. */
  private static final long MAX_PLANAR = 1 << 22;

  private static final int HALF = 1 << ResizeWeights.FRACTION_BITS - 1;

  private final int inWidth;
  private final int outWidth;
  private final int outHeight;
  private final ResizeWeights horizontal;
  private final ResizeWeights vertical;
  private final int[][] ring;
  private final int[] outRow;
  private final RowSink sink;
  private int pushed;
  private int emitted;

  /**
   * @param inWidth width of the image pushed, pixels
   * @param inHeight its height
   * @param outWidth width of the result
   * @param outHeight its height
   * @param sink receives the result's rows in order
   */
  public AntialiasedResize(int inWidth, int inHeight, int outWidth, int outHeight, RowSink sink) {
    this(inWidth, inHeight, outWidth, outHeight, Interpolation.BICUBIC, sink);
  }

  private AntialiasedResize(
      int inWidth, int inHeight, int outWidth, int outHeight, Interpolation kernel, RowSink sink) {
    this.inWidth = inWidth;
    this.outWidth = outWidth;
    this.outHeight = outHeight;
    this.sink = sink;
    horizontal = ResizeWeights.of(inWidth, outWidth, kernel);
    vertical = ResizeWeights.of(inHeight, outHeight, kernel);
    int span = IntStream.of(vertical.count()).max().orElse(1);
    ring = new int[span][3 * outWidth];
    outRow = new int[outWidth];
  }

  /**
   * Resizes an image at once, bicubically.
   *
   * @param rgb packed pixels, row-major; bits above the lower 24 are ignored
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage resize(
      int[] rgb, int width, int height, int outWidth, int outHeight) {
    BufferedImage out = new BufferedImage(outWidth, outHeight, BufferedImage.TYPE_INT_RGB);
    int[] pixels = ((DataBufferInt) out.getRaster().getDataBuffer()).getData();
    resize(rgb, width, height, pixels, outWidth, outHeight);
    return out;
  }

  /**
   * Resizes pixels bicubically into an array of the caller's.
   *
   * @param rgb packed pixels, row-major; bits above the lower 24 are ignored
   * @param out at least {@code outWidth * outHeight} values, written as packed 0xRRGGBB
   */
  public static void resize(
      int[] rgb, int width, int height, int[] out, int outWidth, int outHeight) {
    if ((long) height * outWidth <= MAX_PLANAR) {
      PlanarResize.resize(
          new PlanarResize.Packed(rgb, width),
          width,
          height,
          outWidth,
          outHeight,
          Interpolation.BICUBIC,
          new PlanarResize.Packed(out, outWidth));
      return;
    }
    AntialiasedResize resize =
        new AntialiasedResize(
            width,
            height,
            outWidth,
            outHeight,
            (y, row) -> System.arraycopy(row, 0, out, y * outWidth, outWidth));
    for (int y = 0; y < height; y++) {
      resize.push(rgb, y * width);
    }
  }

  /**
   * Resizes packed pixels to bytes.
   *
   * @param rgb packed pixels, row-major; bits above the lower 24 are ignored
   * @return outHeight x outWidth x 3, row-major RGB
   */
  public static byte[] toBytes(
      int[] rgb, int width, int height, int outWidth, int outHeight, Interpolation kernel) {
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(outWidth, outHeight), 3)];
    PlanarResize.Interleaved target = new PlanarResize.Interleaved(out, outWidth);
    if ((long) height * outWidth <= MAX_PLANAR) {
      PlanarResize.resize(
          new PlanarResize.Packed(rgb, width), width, height, outWidth, outHeight, kernel, target);
      return out;
    }
    AntialiasedResize resize =
        new AntialiasedResize(width, height, outWidth, outHeight, kernel, bytes(out, outWidth));
    for (int y = 0; y < height; y++) {
      resize.push(rgb, y * width);
    }
    return out;
  }

  /**
   * Resizes bytes to bytes.
   *
   * @param rgb height x width x 3, row-major RGB
   * @return outHeight x outWidth x 3, row-major RGB
   */
  public static byte[] resize(
      byte[] rgb, int width, int height, int outWidth, int outHeight, Interpolation kernel) {
    byte[] out = new byte[Math.multiplyExact(Math.multiplyExact(outWidth, outHeight), 3)];
    if ((long) height * outWidth <= MAX_PLANAR) {
      PlanarResize.resize(
          new PlanarResize.Interleaved(rgb, width),
          width,
          height,
          outWidth,
          outHeight,
          kernel,
          new PlanarResize.Interleaved(out, outWidth));
      return out;
    }
    AntialiasedResize resize =
        new AntialiasedResize(width, height, outWidth, outHeight, kernel, bytes(out, outWidth));
    int[] row = new int[width];
    for (int y = 0, at = 0; y < height; y++) {
      for (int x = 0; x < width; x++, at += 3) {
        row[x] = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | rgb[at + 2] & 0xff;
      }
      resize.push(row, 0);
    }
    return out;
  }

  private static RowSink bytes(byte[] out, int outWidth) {
    return (y, row) -> {
      for (int x = 0, to = 3 * y * outWidth; x < outWidth; x++, to += 3) {
        out[to] = (byte) (row[x] >> 16);
        out[to + 1] = (byte) (row[x] >> 8);
        out[to + 2] = (byte) row[x];
      }
    };
  }

  /**
   * Takes the next input row.
   *
   * @param rgb packed pixels; bits above the lower 24 are ignored
   * @param offset index of the row's first pixel
   */
  public void push(int[] rgb, int offset) {
    int[] row = ring[pushed % ring.length];
    if (inWidth == outWidth) {
      for (int x = 0; x < outWidth; x++) {
        int pixel = rgb[offset + x];
        row[3 * x] = pixel >> 16 & 0xff;
        row[3 * x + 1] = pixel >> 8 & 0xff;
        row[3 * x + 2] = pixel & 0xff;
      }
    } else {
      resizeRow(rgb, offset, row);
    }
    pushed++;
    while (emitted < outHeight && vertical.end(emitted) <= pushed) {
      emit(emitted++);
    }
  }

  private void resizeRow(int[] rgb, int offset, int[] row) {
    int[] weights = horizontal.weights();
    for (int x = 0; x < outWidth; x++) {
      int red = HALF;
      int green = red;
      int blue = red;
      int from = offset + horizontal.first()[x];
      int count = horizontal.count()[x];
      int at = x * horizontal.taps();
      for (int k = 0; k < count; k++) {
        int pixel = rgb[from + k];
        int weight = weights[at + k];
        red += (pixel >> 16 & 0xff) * weight;
        green += (pixel >> 8 & 0xff) * weight;
        blue += (pixel & 0xff) * weight;
      }
      row[3 * x] = clip(red);
      row[3 * x + 1] = clip(green);
      row[3 * x + 2] = clip(blue);
    }
  }

  private void emit(int y) {
    int first = vertical.first()[y];
    int count = vertical.count()[y];
    int at = y * vertical.taps();
    for (int x = 0; x < outWidth; x++) {
      int red = HALF;
      int green = red;
      int blue = red;
      for (int k = 0; k < count; k++) {
        int[] row = ring[(first + k) % ring.length];
        int weight = vertical.weights()[at + k];
        red += row[3 * x] * weight;
        green += row[3 * x + 1] * weight;
        blue += row[3 * x + 2] * weight;
      }
      outRow[x] = clip(red) << 16 | clip(green) << 8 | clip(blue);
    }
    sink.row(y, outRow);
  }

  private static int clip(int fixed) {
    int value = fixed >> ResizeWeights.FRACTION_BITS;
    return value < 0 ? 0 : Math.min(value, 255);
  }
}
