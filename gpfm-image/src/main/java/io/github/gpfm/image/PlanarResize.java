package io.github.gpfm.image;

import java.util.Arrays;

/**
 * {@link AntialiasedResize} of an image in memory with loops that the JIT compiler turns into
 * vector instructions: along a row the source is turned so that neighbouring lanes are neighbouring
 * rows. Sums of integers do not depend on their order, so that results are the same to the bit.
 */
final class PlanarResize {
  /** Rows that are turned at a time: with three bands they fill vectors and fit into the cache. */
  private static final int ROWS = 64;

  private static final int LANES = 3 * ROWS;
  private static final int HALF = 1 << ResizeWeights.FRACTION_BITS - 1;

  private final int width;
  private final int height;
  private final int outWidth;
  private final int outHeight;

  PlanarResize(int width, int height, int outWidth, int outHeight) {
    this.width = width;
    this.height = height;
    this.outWidth = outWidth;
    this.outHeight = outHeight;
  }

  /**
   * @param rgb packed pixels, row-major; bits above the lower 24 are ignored
   * @param out packed 0xRRGGBB pixels, row-major, written
   */
  void resize(int[] rgb, int[] out) {
    // Red, green and blue of each row follow each other. Each row is an array of its own: loops
    // become vector instructions only where all arrays are indexed alike.
    int[][] rows = new int[height][3 * outWidth];
    if (width == outWidth) {
      split(rgb, rows);
    } else {
      across(rgb, rows);
    }
    down(rows, out);
  }

  private void split(int[] rgb, int[][] rows) {
    for (int y = 0; y < height; y++) {
      int[] row = rows[y];
      for (int x = 0; x < width; x++) {
        int pixel = rgb[y * width + x];
        row[x] = pixel >> 16 & 0xff;
        row[width + x] = pixel >> 8 & 0xff;
        row[2 * width + x] = pixel & 0xff;
      }
    }
  }

  private void across(int[] rgb, int[][] rows) {
    ResizeWeights weights = ResizeWeights.of(width, outWidth, Interpolation.BICUBIC);
    int[][] columns = new int[width][LANES];
    int[] sums = new int[LANES];
    for (int top = 0; top < height; top += ROWS) {
      int count = Math.min(ROWS, height - top);
      for (int x = 0; x < width; x++) {
        turn(rgb, top * width + x, width, count, columns[x]);
      }
      for (int x = 0; x < outWidth; x++) {
        accumulate(sums, columns, weights, x);
        for (int row = 0; row < count; row++) {
          int[] to = rows[top + row];
          to[x] = sums[row];
          to[outWidth + x] = sums[ROWS + row];
          to[2 * outWidth + x] = sums[2 * ROWS + row];
        }
      }
    }
  }

  /** A column of pixels becomes its bands one below the other. */
  private static void turn(int[] rgb, int from, int stride, int count, int[] column) {
    for (int row = 0; row < count; row++) {
      int pixel = rgb[from + row * stride];
      column[row] = pixel >> 16 & 0xff;
      column[ROWS + row] = pixel >> 8 & 0xff;
      column[2 * ROWS + row] = pixel & 0xff;
    }
  }

  private void down(int[][] rows, int[] out) {
    ResizeWeights weights = ResizeWeights.of(height, outHeight, Interpolation.BICUBIC);
    int[] sums = new int[3 * outWidth];
    for (int y = 0; y < outHeight; y++) {
      accumulate(sums, rows, weights, y);
      int to = y * outWidth;
      for (int x = 0; x < outWidth; x++) {
        out[to + x] = sums[x] << 16 | sums[outWidth + x] << 8 | sums[2 * outWidth + x];
      }
    }
  }

  /** One output of all lanes, rounded and clipped to 8 bits. */
  private static void accumulate(int[] sums, int[][] source, ResizeWeights weights, int output) {
    int first = weights.first()[output];
    int count = weights.count()[output];
    int at = output * weights.taps();
    int[] values = weights.weights();
    Arrays.fill(sums, HALF);
    int k = 0;
    for (; k + 4 <= count; k += 4) {
      add(
          sums,
          source[first + k],
          source[first + k + 1],
          source[first + k + 2],
          source[first + k + 3],
          values[at + k],
          values[at + k + 1],
          values[at + k + 2],
          values[at + k + 3]);
    }
    for (; k < count; k++) {
      add(sums, source[first + k], values[at + k]);
    }
    clip(sums);
  }

  private static void add(int[] sums, int[] source, int weight) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += source[i] * weight;
    }
  }

  private static void add(
      int[] sums, int[] a, int[] b, int[] c, int[] d, int w0, int w1, int w2, int w3) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a[i] * w0 + b[i] * w1 + c[i] * w2 + d[i] * w3;
    }
  }

  private static void clip(int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.max(0, Math.min(255, sums[i] >> ResizeWeights.FRACTION_BITS));
    }
  }
}
