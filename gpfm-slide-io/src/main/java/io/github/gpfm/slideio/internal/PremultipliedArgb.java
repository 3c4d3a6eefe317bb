package io.github.gpfm.slideio.internal;

/** Premultiplied pixels, as OpenSlide delivers them. */
public final class PremultipliedArgb {
  private PremultipliedArgb() {}

  /**
   * Divides by alpha in place, rounded down: {@code 255 * colour / alpha}, openslide-python's rule.
   */
  public static void toStraight(int[] pixels) {
    if (isOpaque(pixels)) {
      return;
    }
    for (int i = 0; i < pixels.length; i++) {
      int pixel = pixels[i];
      int alpha = pixel >>> 24;
      if (alpha != 0 && alpha != 255) {
        int red = 255 * (pixel >> 16 & 255) / alpha;
        int green = 255 * (pixel >> 8 & 255) / alpha;
        int blue = 255 * (pixel & 255) / alpha;
        pixels[i] = alpha << 24 | (red & 255) << 16 | (green & 255) << 8 | blue & 255;
      }
    }
  }

  /** Nearly every region is: the JIT compiler makes vector instructions of this loop. */
  private static boolean isOpaque(int[] pixels) {
    int all = -1;
    for (int i = 0; i < pixels.length; i++) {
      all &= pixels[i];
    }
    return all >>> 24 == 255;
  }
}
