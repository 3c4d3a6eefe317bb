package io.github.gpfm.slideio.bioformats.internal;

/**
 * One image that can be read by regions.
 *
 * @param series Bio-Formats' series
 * @param resolution within the series, 0 the largest
 * @param tiffPage index among the TIFF's pages if it is one that the series do not offer, else -1
 * @param width pixels, at least 1
 * @param height pixels, at least 1
 * @param tileWidth in which Bio-Formats reads best, at least 1
 * @param tileHeight in which Bio-Formats reads best, at least 1
 * @param pixels form of its bytes
 */
record ImagePage(
    int series,
    int resolution,
    int tiffPage,
    int width,
    int height,
    int tileWidth,
    int tileHeight,
    PixelLayout pixels) {
  static final int NO_TIFF_PAGE = -1;

  ImagePage {
    if (width < 1 || height < 1) {
      throw new IllegalArgumentException("an image of " + width + " x " + height + " pixels");
    }
    tileWidth = Math.max(1, tileWidth);
    tileHeight = Math.max(1, tileHeight);
  }

  long area() {
    return (long) width * height;
  }

  /** Whether it is stored in pieces narrower than itself. */
  boolean tiled() {
    return tileWidth < width;
  }
}
