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

  private static int fix(double value) {
    return (int) (value * (1 << SCALE) + 0.5);
  }

  private static int clamp(int value) {
    return value < 0 ? 0 : Math.min(value, 255);
  }
}
