package io.github.gpfm.tiling.internal;

import java.awt.image.BufferedImage;

/**
 * Resizes 8-bit RGB images exactly as Pillow's {@code Image.resize} with its bicubic filter: the
 * filter's support grows with the reduction, coefficients are fixed-point with 22 bits, the
 * horizontal pass comes first, and both passes round to 8 bits.
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

  private static final int PRECISION_BITS = 22;
  private static final double SUPPORT = 2.0;

  /** For each output sample the first input sample and the fixed-point weights from there. */
  private record Weights(int[] first, int[][] values) {
    int end(int i) {
      return first[i] + values[i].length;
    }
  }

  private final int inWidth;
  private final int outWidth;
  private final int outHeight;
  private final Weights horizontal;
  private final Weights vertical;
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
    this.inWidth = inWidth;
    this.outWidth = outWidth;
    this.outHeight = outHeight;
    this.sink = sink;
    horizontal = weights(inWidth, outWidth);
    vertical = weights(inHeight, outHeight);
    int span = 1;
    for (int[] values : vertical.values) {
      span = Math.max(span, values.length);
    }
    ring = new int[span][3 * outWidth];
    outRow = new int[outWidth];
  }

  /**
   * Resizes an image at once.
   *
   * @param rgb packed pixels, row-major; bits above the lower 24 are ignored
   * @return {@link BufferedImage#TYPE_INT_RGB}
   */
  public static BufferedImage resize(
      int[] rgb, int width, int height, int outWidth, int outHeight) {
    BufferedImage out = new BufferedImage(outWidth, outHeight, BufferedImage.TYPE_INT_RGB);
    AntialiasedResize resize =
        new AntialiasedResize(
            width,
            height,
            outWidth,
            outHeight,
            (y, row) -> out.setRGB(0, y, outWidth, 1, row, 0, outWidth));
    for (int y = 0; y < height; y++) {
      resize.push(rgb, y * width);
    }
    return out;
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
    for (int x = 0; x < outWidth; x++) {
      int red = 1 << PRECISION_BITS - 1;
      int green = red;
      int blue = red;
      int from = offset + horizontal.first[x];
      int[] weights = horizontal.values[x];
      for (int k = 0; k < weights.length; k++) {
        int pixel = rgb[from + k];
        int weight = weights[k];
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
    int first = vertical.first[y];
    int[] weights = vertical.values[y];
    for (int x = 0; x < outWidth; x++) {
      int red = 1 << PRECISION_BITS - 1;
      int green = red;
      int blue = red;
      for (int k = 0; k < weights.length; k++) {
        int[] row = ring[(first + k) % ring.length];
        int weight = weights[k];
        red += row[3 * x] * weight;
        green += row[3 * x + 1] * weight;
        blue += row[3 * x + 2] * weight;
      }
      outRow[x] = clip(red) << 16 | clip(green) << 8 | clip(blue);
    }
    sink.row(y, outRow);
  }

  private static int clip(int fixed) {
    int value = fixed >> PRECISION_BITS;
    return value < 0 ? 0 : Math.min(value, 255);
  }

  private static Weights weights(int in, int out) {
    if (in == out) {
      return identity(in);
    }
    double scale = (double) in / out;
    double filterScale = Math.max(scale, 1.0);
    double support = SUPPORT * filterScale;
    int[] first = new int[out];
    int[][] values = new int[out][];
    for (int i = 0; i < out; i++) {
      double center = (i + 0.5) * scale;
      int min = Math.max(0, (int) (center - support + 0.5));
      int max = Math.min(in, (int) (center + support + 0.5));
      double[] exact = new double[max - min];
      double sum = 0;
      for (int k = 0; k < exact.length; k++) {
        exact[k] = bicubic((k + min - center + 0.5) * (1.0 / filterScale));
        sum += exact[k];
      }
      first[i] = min;
      values[i] = new int[exact.length];
      for (int k = 0; k < exact.length; k++) {
        double weight = sum == 0 ? exact[k] : exact[k] / sum;
        values[i][k] = (int) ((weight < 0 ? -0.5 : 0.5) + weight * (1 << PRECISION_BITS));
      }
    }
    return new Weights(first, values);
  }

  private static Weights identity(int size) {
    int[] first = new int[size];
    int[][] values = new int[size][];
    for (int i = 0; i < size; i++) {
      first[i] = i;
      values[i] = new int[] {1 << PRECISION_BITS};
    }
    return new Weights(first, values);
  }

  private static double bicubic(double x) {
    double a = -0.5;
    double t = Math.abs(x);
    if (t < 1) {
      return ((a + 2) * t - (a + 3)) * t * t + 1;
    }
    return t < 2 ? (((t - 5) * t + 8) * t - 4) * a : 0;
  }
}
