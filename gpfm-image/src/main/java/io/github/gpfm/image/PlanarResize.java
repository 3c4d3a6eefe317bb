package io.github.gpfm.image;

import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * {@link AntialiasedResize} of an image in memory with loops that the JIT compiler turns into
 * vector instructions: along a row the source is turned so that neighbouring lanes are neighbouring
 * rows. Sums of integers do not depend on their order, so that results are the same to the bit.
 *
 * <p>An instance serves images of one size, one after the other.
 */
final class PlanarResize {
  /** Rows that are turned at a time: with three bands they fill vectors and fit into the cache. */
  private static final int ROWS = 64;

  private static final int LANES = 3 * ROWS;
  private static final int HALF = 1 << ResizeWeights.FRACTION_BITS - 1;

  /** Instances with more values than this (8 MB) are not kept. */
  private static final long KEPT_VALUES = 1 << 21;

  private static final BlockingQueue<PlanarResize> IDLE =
      new ArrayBlockingQueue<>(Math.min(16, Runtime.getRuntime().availableProcessors()));

  /** Where pixels come from. */
  interface Source {
    /** A column of pixels becomes its bands one below the other, {@link #ROWS} lanes each. */
    void turn(int x, int top, int count, int[] column);

    /** A row of pixels becomes its bands one after the other. */
    void split(int y, int[] row);
  }

  /** Where pixels go. */
  interface Target {
    /**
     * @param row red, green and blue of a row, one band after the other
     */
    void put(int y, int[] row);
  }

  private final int width;
  private final int height;
  private final int outWidth;
  private final int outHeight;
  private final Interpolation kernel;
  private final ResizeWeights horizontal;
  private final ResizeWeights vertical;
  // Red, green and blue of each row follow each other. Each row is an array of its own: loops
  // become vector instructions only where all arrays are indexed alike.
  private final int[][] rows;
  private final int[][] columns;
  private final int[] across = new int[LANES];
  private final int[] down;

  private PlanarResize(int width, int height, int outWidth, int outHeight, Interpolation kernel) {
    this.width = width;
    this.height = height;
    this.outWidth = outWidth;
    this.outHeight = outHeight;
    this.kernel = kernel;
    horizontal = ResizeWeights.of(width, outWidth, kernel);
    vertical = ResizeWeights.of(height, outHeight, kernel);
    rows = new int[height][3 * outWidth];
    columns = new int[width == outWidth ? 0 : width][LANES];
    down = new int[3 * outWidth];
  }

  /** Resizes an image of this size. */
  static void resize(
      Source source,
      int width,
      int height,
      int outWidth,
      int outHeight,
      Interpolation kernel,
      Target target) {
    PlanarResize resize = IDLE.poll();
    boolean fits =
        resize != null
            && resize.width == width
            && resize.height == height
            && resize.outWidth == outWidth
            && resize.outHeight == outHeight
            && resize.kernel == kernel;
    if (resize == null || !fits) {
      resize = new PlanarResize(width, height, outWidth, outHeight, kernel);
    }
    resize.run(source, target);
    if (3L * height * outWidth + (long) LANES * width <= KEPT_VALUES) {
      IDLE.offer(resize);
    }
  }

  private void run(Source source, Target target) {
    if (width == outWidth) {
      for (int y = 0; y < height; y++) {
        source.split(y, rows[y]);
      }
    } else {
      across(source);
    }
    for (int y = 0; y < outHeight; y++) {
      accumulate(down, rows, vertical, y);
      target.put(y, down);
    }
  }

  private void across(Source source) {
    for (int top = 0; top < height; top += ROWS) {
      int count = Math.min(ROWS, height - top);
      for (int x = 0; x < width; x++) {
        source.turn(x, top, count, columns[x]);
      }
      for (int x = 0; x < outWidth; x++) {
        accumulate(across, columns, horizontal, x);
        for (int row = 0; row < count; row++) {
          int[] to = rows[top + row];
          to[x] = across[row];
          to[outWidth + x] = across[ROWS + row];
          to[2 * outWidth + x] = across[2 * ROWS + row];
        }
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

  /**
   * Packed pixels, row-major.
   *
   * @param rgb bits above the lower 24 are ignored
   */
  record Packed(int[] rgb, int width) implements Source, Target {
    @Override
    public void turn(int x, int top, int count, int[] column) {
      int from = top * width + x;
      for (int row = 0; row < count; row++) {
        int pixel = rgb[from + row * width];
        column[row] = pixel >> 16 & 0xff;
        column[ROWS + row] = pixel >> 8 & 0xff;
        column[2 * ROWS + row] = pixel & 0xff;
      }
    }

    @Override
    public void split(int y, int[] row) {
      for (int x = 0; x < width; x++) {
        int pixel = rgb[y * width + x];
        row[x] = pixel >> 16 & 0xff;
        row[width + x] = pixel >> 8 & 0xff;
        row[2 * width + x] = pixel & 0xff;
      }
    }

    @Override
    public void put(int y, int[] row) {
      int to = y * width;
      for (int x = 0; x < width; x++) {
        rgb[to + x] = row[x] << 16 | row[width + x] << 8 | row[2 * width + x];
      }
    }
  }

  /** Bytes of red, green and blue in turn, row-major. */
  record Interleaved(byte[] rgb, int width) implements Source, Target {
    @Override
    public void turn(int x, int top, int count, int[] column) {
      int stride = 3 * width;
      int from = top * stride + 3 * x;
      for (int row = 0; row < count; row++, from += stride) {
        column[row] = rgb[from] & 0xff;
        column[ROWS + row] = rgb[from + 1] & 0xff;
        column[2 * ROWS + row] = rgb[from + 2] & 0xff;
      }
    }

    @Override
    public void split(int y, int[] row) {
      int from = 3 * y * width;
      for (int x = 0; x < width; x++, from += 3) {
        row[x] = rgb[from] & 0xff;
        row[width + x] = rgb[from + 1] & 0xff;
        row[2 * width + x] = rgb[from + 2] & 0xff;
      }
    }

    @Override
    public void put(int y, int[] row) {
      int to = 3 * y * width;
      for (int x = 0; x < width; x++, to += 3) {
        rgb[to] = (byte) row[x];
        rgb[to + 1] = (byte) row[width + x];
        rgb[to + 2] = (byte) row[2 * width + x];
      }
    }
  }
}
