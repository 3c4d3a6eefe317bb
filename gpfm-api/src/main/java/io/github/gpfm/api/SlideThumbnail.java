package io.github.gpfm.api;

import java.awt.image.BufferedImage;

/**
 * A slide drawn small: each pixel is the mean of those it covers, composed on white. Reads blocks
 * of the level that is just detailed enough, so that memory does not depend on the slide's size.
 */
final class SlideThumbnail {
  private static final int BLOCK = 1024;

  private final Slide slide;
  private final SlideLevel level;
  private final int width;
  private final int height;

  private SlideThumbnail(Slide slide, int maxEdge) {
    this.slide = slide;
    double scale = Math.min(1, maxEdge / (double) Math.max(slide.width(), slide.height()));
    this.width = (int) Math.max(1, Math.round(slide.width() * scale));
    this.height = (int) Math.max(1, Math.round(slide.height() * scale));
    this.level = slide.levels().get(slide.bestLevelForDownsample(1 / scale));
  }

  static BufferedImage draw(Slide slide, int maxEdge) {
    if (maxEdge < 1) {
      throw new InvalidOptionException("maxEdge must be at least 1, not " + maxEdge + ".");
    }
    return new SlideThumbnail(slide, maxEdge).draw();
  }

  private BufferedImage draw() {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    int rows = (int) Math.max(1, (long) BLOCK * height / level.height());
    for (int y = 0; y < height; y += rows) {
      band(image, y, Math.min(height, y + rows));
    }
    return image;
  }

  /** Rows {@code begin} to {@code end} of the picture. */
  private void band(BufferedImage image, int begin, int end) {
    long[] sums = new long[3 * width * (end - begin)];
    long[] counts = new long[width * (end - begin)];
    long bottom = firstOf(end, height, level.height());
    for (long y = firstOf(begin, height, level.height()); y < bottom; y += BLOCK) {
      int blockHeight = (int) Math.min(BLOCK, bottom - y);
      for (long x = 0; x < level.width(); x += BLOCK) {
        int blockWidth = (int) Math.min(BLOCK, level.width() - x);
        int[] argb =
            slide.readRegion(
                Math.round(x * (slide.width() / (double) level.width())),
                Math.round(y * (slide.height() / (double) level.height())),
                level.index(),
                blockWidth,
                blockHeight,
                new int[blockWidth * blockHeight]);
        for (int i = 0; i < argb.length; i++) {
          int column = (int) ((x + i % blockWidth) * width / level.width());
          int row = (int) ((y + i / blockWidth) * height / level.height()) - begin;
          int cell = row * width + column;
          int rgb = onWhite(argb[i]);
          sums[3 * cell] += rgb >> 16 & 255;
          sums[3 * cell + 1] += rgb >> 8 & 255;
          sums[3 * cell + 2] += rgb & 255;
          counts[cell]++;
        }
      }
    }
    for (int cell = 0; cell < counts.length; cell++) {
      int rgb = 0;
      for (int c = 0; c < 3; c++) {
        rgb = rgb << 8 | (int) ((sums[3 * cell + c] + counts[cell] / 2) / counts[cell]);
      }
      image.setRGB(cell % width, begin + cell / width, rgb);
    }
  }

  /** The first pixel of the level that falls on a pixel of the picture. */
  private static long firstOf(int i, int count, long size) {
    return (i * size + count - 1) / count;
  }

  /** An ARGB pixel, not premultiplied, composed on white. */
  static int onWhite(int argb) {
    int alpha = argb >>> 24;
    if (alpha == 255) {
      return argb & 0xffffff;
    }
    int rgb = 0;
    for (int shift = 16; shift >= 0; shift -= 8) {
      int value = argb >> shift & 255;
      rgb |= (value * alpha + 255 * (255 - alpha) + 127) / 255 << shift;
    }
    return rgb;
  }
}
