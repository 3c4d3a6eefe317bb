package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.Budget;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.plugins.tiff.BaselineTIFFTagSet;
import javax.imageio.plugins.tiff.TIFFDirectory;
import javax.imageio.plugins.tiff.TIFFField;
import javax.imageio.stream.ImageInputStream;

/**
 * A mask's pixels.
 *
 * @param width pixels
 * @param height pixels
 * @param pixels 255 on tissue, else 0; row-major
 */
record MaskImage(int width, int height, byte[] pixels) {
  /** Finer than the segmentation of any slide; of a pyramid the largest level below is taken. */
  private static final long MAX_PIXELS = 1L << 27;

  /** Formats that keep every value. */
  static final List<String> EXTENSIONS = List.of("png", "tif", "tiff", "bmp", "gif");

  private static final Set<Integer> LOSSY_TIFF = Set.of(6, 7, 33003, 33005, 34712, 50001);

  /**
   * Reads a mask of a slide.
   *
   * @throws TilingException if it cannot be read, has lost values, or has another shape than the
   *     slide
   */
  static MaskImage read(Path file, Slide slide) {
    Budget budget = Budget.of(file, TilingException::new);
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    String extension = name.substring(name.lastIndexOf('.') + 1);
    if (!EXTENSIONS.contains(extension)) {
      throw new TilingException(
          "%s cannot be a mask: give a PNG, BMP, GIF or TIFF, whose pixels keep their values, or areas in GeoJSON."
              .formatted(file));
    }
    return budget.open("a mask image", () -> read(file, extension, slide, budget));
  }

  private static MaskImage read(Path file, String extension, Slide slide, Budget budget)
      throws IOException {
    try (ImageInputStream in = ImageIO.createImageInputStream(file.toFile())) {
      ImageReader reader = jdkReader(extension.equals("tif") ? "tiff" : extension, file);
      try {
        reader.setInput(in);
        int index = largest(reader, slide, file);
        boolean tiff = extension.startsWith("tif");
        if (tiff) {
          requireLossless(reader, index, file);
        }
        budget.bytes(5L * reader.getWidth(index) * reader.getHeight(index), "the mask");
        return of(tiff ? reader.readAsRenderedImage(index, null) : reader.read(index));
      } finally {
        reader.dispose();
      }
    }
  }

  private static ImageReader jdkReader(String format, Path file) {
    // The JDK's own: plug-ins differ in how they scale samples.
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    while (readers.hasNext()) {
      ImageReader reader = readers.next();
      if (reader.getClass().getName().startsWith("com.sun.imageio.")) {
        return reader;
      }
      reader.dispose();
    }
    throw new TilingException(
        "This Java runtime has no reader of " + format + " for " + file + ".");
  }

  /** The largest image that is not too large and has the slide's shape. */
  private static int largest(ImageReader reader, Slide slide, Path file) throws IOException {
    int best = -1;
    long most = 0;
    int images = Math.min(64, reader.getNumImages(true));
    for (int i = 0; i < images; i++) {
      long pixels = (long) reader.getWidth(i) * reader.getHeight(i);
      if (pixels > most
          && pixels <= MAX_PIXELS
          && fits(reader.getWidth(i), reader.getHeight(i), slide)) {
        best = i;
        most = pixels;
      }
    }
    if (best < 0) {
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      throw new TilingException(
          fits(width, height, slide)
              ? "The mask %s has %dx%d pixels, which is more than a mask may have: make it smaller."
                  .formatted(file, width, height)
              : "The mask %s has %dx%d pixels, which is not the shape of %s with %dx%d."
                  .formatted(file, width, height, slide.path(), slide.width(), slide.height()));
    }
    return best;
  }

  /** Whether the shape is the slide's, give or take one and a half pixels of the mask. */
  private static boolean fits(int width, int height, Slide slide) {
    double scaleX = (double) slide.width() / width;
    double scaleY = (double) slide.height() / height;
    return Math.abs(scaleX * height - slide.height()) <= 1.5 * Math.max(scaleX, scaleY);
  }

  private static void requireLossless(ImageReader reader, int index, Path file) throws IOException {
    TIFFField compression =
        TIFFDirectory.createFromMetadata(reader.getImageMetadata(index))
            .getTIFFField(BaselineTIFFTagSet.TAG_COMPRESSION);
    if (compression != null && LOSSY_TIFF.contains(compression.getAsInt(0))) {
      throw new TilingException(
          "The mask %s is compressed with loss, so that its pixels lost their values: save it without."
              .formatted(file));
    }
  }

  private static MaskImage of(RenderedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    boolean palette = image.getColorModel() instanceof IndexColorModel;
    boolean alpha = image.getColorModel().hasAlpha() && !palette;
    byte[] pixels = new byte[width * height];
    for (int ty = 0; ty < image.getNumYTiles(); ty++) {
      for (int tx = 0; tx < image.getNumXTiles(); tx++) {
        Raster tile = image.getTile(image.getMinTileX() + tx, image.getMinTileY() + ty);
        add(tile, image, alpha, pixels);
      }
    }
    return new MaskImage(width, height, pixels);
  }

  private static void add(Raster tile, RenderedImage image, boolean alpha, byte[] pixels) {
    int width = image.getWidth();
    int bands = tile.getNumBands();
    int colors = alpha ? bands - 1 : bands;
    int x0 = Math.max(tile.getMinX(), image.getMinX());
    int x1 = Math.min(tile.getMinX() + tile.getWidth(), image.getMinX() + width);
    int y0 = Math.max(tile.getMinY(), image.getMinY());
    int y1 = Math.min(tile.getMinY() + tile.getHeight(), image.getMinY() + image.getHeight());
    double[] row = null;
    for (int y = y0; y < y1; y++) {
      row = tile.getPixels(x0, y, x1 - x0, 1, row);
      for (int x = x0; x < x1; x++) {
        int at = (x - x0) * bands;
        boolean tissue = false;
        for (int band = 0; band < colors; band++) {
          tissue |= row[at + band] != 0;
        }
        if (tissue && !(alpha && row[at + bands - 1] == 0)) {
          pixels[(y - image.getMinY()) * width + x - image.getMinX()] = (byte) 255;
        }
      }
    }
  }
}
