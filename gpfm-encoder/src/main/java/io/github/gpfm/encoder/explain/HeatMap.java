package io.github.gpfm.encoder.explain;

import java.awt.image.BufferedImage;

/** Pictures of numbers on a grid, from dark blue (low) over green to yellow (high). */
public final class HeatMap {
  /** Anchors of the viridis colour map, evenly spaced. */
  private static final int[] ANCHORS = {
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26828e, 0x1f9e89, 0x35b779, 0x6dcd59, 0xb4de2c,
    0xfde725
  };

  private HeatMap() {}

  /**
   * The colour of a value.
   *
   * @param value from 0 to 1; clipped
   * @return 0xRRGGBB
   */
  public static int color(double value) {
    double place = Math.min(Math.max(value, 0), 1) * (ANCHORS.length - 1);
    int low = Math.min((int) place, ANCHORS.length - 2);
    return blend(ANCHORS[low], ANCHORS[low + 1], place - low);
  }

  /**
   * A grid of values laid over an image, bilinearly enlarged to its size.
   *
   * @param values rows x columns, row-major; coloured from the smallest to the largest
   * @param opacity from 0, the image alone, to 1, the colours alone
   */
  public static BufferedImage overlay(
      BufferedImage image, float[] values, int rows, int columns, double opacity) {
    if ((long) rows * columns != values.length || values.length == 0) {
      throw new IllegalArgumentException(
          rows + " x " + columns + " do not fit " + values.length + " values");
    }
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    double range = high > low ? high - low : 1;
    int width = image.getWidth();
    int height = image.getHeight();
    BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double value =
            sample(values, rows, columns, (y + 0.5) * rows / height, (x + 0.5) * columns / width);
        int color = color((value - low) / range);
        result.setRGB(x, y, blend(image.getRGB(x, y) & 0xffffff, color, opacity));
      }
    }
    return result;
  }

  private static double sample(float[] values, int rows, int columns, double row, double column) {
    double y = Math.min(Math.max(row - 0.5, 0), rows - 1.0);
    double x = Math.min(Math.max(column - 0.5, 0), columns - 1.0);
    int top = Math.min((int) y, Math.max(rows - 2, 0));
    int left = Math.min((int) x, Math.max(columns - 2, 0));
    int bottom = Math.min(top + 1, rows - 1);
    int right = Math.min(left + 1, columns - 1);
    double above =
        values[top * columns + left] * (1 - (x - left))
            + values[top * columns + right] * (x - left);
    double below =
        values[bottom * columns + left] * (1 - (x - left))
            + values[bottom * columns + right] * (x - left);
    return above * (1 - (y - top)) + below * (y - top);
  }

  private static int blend(int from, int to, double share) {
    int color = 0;
    for (int shift = 0; shift <= 16; shift += 8) {
      double value = (from >> shift & 255) * (1 - share) + (to >> shift & 255) * share;
      color |= (int) Math.round(value) << shift;
    }
    return color;
  }
}
