package io.github.gpfm.slideio.internal.codec;

/** JFIF's YCbCr to RGB in libjpeg's fixed-point arithmetic, so that results are the same bits. */
public final class YCbCr {
  private static final int SCALE = 16;
  private static final int HALF = 1 << SCALE - 1;
  private static final int[] CR_RED = new int[256];
  private static final int[] CB_BLUE = new int[256];
  private static final int[] CR_GREEN = new int[256];
  private static final int[] CB_GREEN = new int[256];

  static {
    for (int i = 0; i < 256; i++) {
      int x = i - 128;
      CR_RED[i] = fix(1.40200) * x + HALF >> SCALE;
      CB_BLUE[i] = fix(1.77200) * x + HALF >> SCALE;
      CR_GREEN[i] = -fix(0.71414) * x;
      CB_GREEN[i] = -fix(0.34414) * x + HALF;
    }
  }

  private YCbCr() {}

  /** One pixel as opaque ARGB; arguments 0 to 255. */
  public static int toArgb(int y, int cb, int cr) {
    int red = clamp(y + CR_RED[cr]);
    int green = clamp(y + (CB_GREEN[cb] + CR_GREEN[cr] >> SCALE));
    int blue = clamp(y + CB_BLUE[cb]);
    return 0xff000000 | red << 16 | green << 8 | blue;
  }

  /**
   * Rows of interleaved samples by arithmetic, not tables, in loops that the JIT compiler turns
   * into vector instructions; the same bits. Not for several threads at once.
   */
  static final class Row {
    private static final int RED = fix(1.40200);
    private static final int BLUE = fix(1.77200);
    private static final int GREEN_CR = -fix(0.71414);
    private static final int GREEN_CB = -fix(0.34414);

    private final int[] lumas;
    private final int[] blues;
    private final int[] reds;

    /**
     * @param length pixels in a row
     */
    Row(int length) {
      lumas = new int[length];
      blues = new int[length];
      reds = new int[length];
    }

    /** One row as opaque ARGB. */
    void toArgb(byte[] samples, int from, int[] argb, int to) {
      int length = lumas.length;
      for (int i = 0, at = from; i < length; i++, at += 3) {
        lumas[i] = samples[at] & 0xff;
        blues[i] = (samples[at + 1] & 0xff) - 128;
        reds[i] = (samples[at + 2] & 0xff) - 128;
      }
      mix(lumas, blues, reds);
      System.arraycopy(lumas, 0, argb, to, length);
    }

    private static void mix(int[] luma, int[] cb, int[] cr) {
      for (int i = 0; i < luma.length; i++) {
        int red = luma[i] + (RED * cr[i] + HALF >> SCALE);
        int green = luma[i] + (GREEN_CB * cb[i] + GREEN_CR * cr[i] + HALF >> SCALE);
        int blue = luma[i] + (BLUE * cb[i] + HALF >> SCALE);
        luma[i] =
            0xff000000
                | Math.max(0, Math.min(255, red)) << 16
                | Math.max(0, Math.min(255, green)) << 8
                | Math.max(0, Math.min(255, blue));
      }
    }
  }

  private static int fix(double value) {
    return (int) (value * (1 << SCALE) + 0.5);
  }

  private static int clamp(int value) {
    return value < 0 ? 0 : Math.min(value, 255);
  }
}
