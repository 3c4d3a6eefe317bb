package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.image.AntialiasedResize;
import java.awt.image.BufferedImage;
import java.util.function.Function;
import org.opencv.core.Mat;
import org.opencv.core.Rect;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole slide, reduced for segmentation, in native memory.
 *
 * <p>The slide is read in strips or blocks, and each is turned at once into what the segmenter
 * needs, so that memory is bounded by the reduced image and one strip or block.
 *
 * @param pixels the reduced image; released by {@link #close()}
 * @param downsampleX level-0 pixels per pixel along a row
 * @param downsampleY level-0 pixels per pixel along a column
 */
public record SegmentationImage(Mat pixels, double downsampleX, double downsampleY)
    implements AutoCloseable {
  /** Most pixels a reduced image has; a level larger than this is averaged down further. */
  public static final long MAX_PIXELS = 1L << 27;

  /** Slides of one level up to this size are reduced as the official patcher reduces them. */
  static final long MAX_EXACT_PIXELS = 1L << 30;

  private static final Logger LOG = LoggerFactory.getLogger(SegmentationImage.class);
  private static final int WHOLE_PIXELS = 1 << 25;
  private static final int TILE_ROWS = 256;
  private static final int BLOCK = 2048;
  private static final int ROWS_AT_ONCE = 64;

  /** Receives pieces of a level from top to bottom, each as wide as the level. */
  @FunctionalInterface
  private interface StripSink {
    /**
     * @param argb packed pixels, row-major
     * @param row first row
     * @param rows number of rows
     */
    void strip(int[] argb, int row, int rows);
  }

  @Override
  public void close() {
    Mats.release(pixels);
  }

  /**
   * Reads a level as the official patcher reads it, or averaged down if it is too large.
   *
   * @param level the level
   * @param type OpenCV type of the reduced image
   * @param convert makes that type from a BGRA strip; must return a new matrix
   */
  public static SegmentationImage read(
      Slide slide, PatcherLevel level, int type, Function<Mat, Mat> convert) {
    OpenCv.load();
    boolean fits = level.width() * level.height() <= MAX_PIXELS;
    if (!level.virtual() && fits) {
      return direct(slide, level, type, convert);
    }
    if (level.virtual() && fits && slide.width() * slide.height() <= MAX_EXACT_PIXELS) {
      return resized(slide, level, type, convert);
    }
    SlideLevel source = slide.levels().get(level.virtual() ? 0 : level.index());
    int factor = level.virtual() ? 1 << level.index() : 1;
    while (source.width() / factor * (source.height() / factor) > MAX_PIXELS / 2) {
      factor *= 2;
    }
    LOG.info("{} is averaged down by {} for segmentation", slide.path(), factor);
    return averaged(slide, source, factor, type, convert);
  }

  /**
   * Reads a slide reduced to about the given downsample: the best level for it, averaged by a whole
   * number.
   *
   * @param downsample wanted level-0 pixels per pixel
   * @param type OpenCV type of the reduced image
   * @param convert makes that type from a BGRA strip; must return a new matrix
   */
  public static SegmentationImage read(
      Slide slide, double downsample, int type, Function<Mat, Mat> convert) {
    OpenCv.load();
    SlideLevel source = slide.levels().get(slide.bestLevelForDownsample(downsample));
    long smallestEdge = Math.min(source.width(), source.height());
    int factor =
        (int) Math.max(1, Math.min(Math.round(downsample / source.downsample()), smallestEdge));
    while (source.width() / factor * (source.height() / factor) > MAX_PIXELS / 2) {
      factor *= 2;
    }
    return averaged(slide, source, factor, type, convert);
  }

  private static SegmentationImage direct(
      Slide slide, PatcherLevel level, int type, Function<Mat, Mat> convert) {
    int width = Math.toIntExact(level.width());
    int height = Math.toIntExact(level.height());
    Mat out = new Mat(height, width, type);
    Pixels.Buffer buffer = new Pixels.Buffer();
    try {
      readStrips(
          slide,
          level.index(),
          width,
          height,
          (argb, row, rows) -> store(buffer.bgra(argb, width, rows), convert, out, row));
      return new SegmentationImage(out, level.downsampleX(), level.downsampleY());
    } catch (Throwable e) {
      Mats.release(out);
      throw e;
    } finally {
      buffer.keep();
    }
  }

  /** The official {@code ImgReader}: level 0 read whole and resized by Pillow. */
  private static SegmentationImage resized(
      Slide slide, PatcherLevel level, int type, Function<Mat, Mat> convert) {
    int width = Math.toIntExact(level.width());
    int height = Math.toIntExact(level.height());
    int readWidth = (int) (width * level.downsampleX());
    int readHeight = (int) (height * level.downsampleX());
    Mat out = new Mat(height, width, type);
    Pixels.Buffer buffer = new Pixels.Buffer();
    try {
      int[] ready = new int[width * Math.min(ROWS_AT_ONCE, height)];
      AntialiasedResize resize =
          new AntialiasedResize(
              readWidth,
              readHeight,
              width,
              height,
              (y, rgb) -> {
                int held = y % ROWS_AT_ONCE;
                for (int x = 0; x < width; x++) {
                  ready[held * width + x] = 0xff000000 | rgb[x];
                }
                if (held == ROWS_AT_ONCE - 1 || y == height - 1) {
                  store(buffer.bgra(ready, width, held + 1), convert, out, y - held);
                }
              });
      readStrips(
          slide,
          0,
          readWidth,
          readHeight,
          (argb, row, rows) -> {
            for (int y = 0; y < rows; y++) {
              resize.push(argb, y * readWidth);
            }
          });
      return new SegmentationImage(out, level.downsampleX(), level.downsampleY());
    } catch (Throwable e) {
      Mats.release(out);
      throw e;
    } finally {
      buffer.keep();
    }
  }

  private static SegmentationImage averaged(
      Slide slide, SlideLevel source, int factor, int type, Function<Mat, Mat> convert) {
    int width = Math.toIntExact(source.width() / factor);
    int height = Math.toIntExact(source.height() / factor);
    Mat out = new Mat(height, width, type);
    Pixels.Buffer buffer = new Pixels.Buffer();
    int block = Math.max(1, BLOCK / factor);
    double scaleX = (double) slide.width() / source.width();
    double scaleY = (double) slide.height() / source.height();
    try {
      for (int y = 0; y < height; y += block) {
        for (int x = 0; x < width; x += block) {
          Rect box = new Rect(x, y, Math.min(block, width - x), Math.min(block, height - y));
          BufferedImage read =
              slide.readRegion(
                  Math.round((long) x * factor * scaleX),
                  Math.round((long) y * factor * scaleY),
                  source.index(),
                  box.width * factor,
                  box.height * factor);
          average(
              buffer.bgra(Pixels.argb(read), read.getWidth(), read.getHeight()), convert, out, box);
        }
      }
      return new SegmentationImage(out, scaleX * factor, scaleY * factor);
    } catch (Throwable e) {
      Mats.release(out);
      throw e;
    } finally {
      buffer.keep();
    }
  }

  /** Averages a block of the source into its box of the reduced image; releases the block. */
  private static void average(Mat block, Function<Mat, Mat> convert, Mat out, Rect box) {
    Mat small = new Mat();
    Mat target = out.submat(box);
    try {
      Imgproc.resize(block, small, new Size(box.width, box.height), 0, 0, Imgproc.INTER_AREA);
      Mat converted = convert.apply(small);
      converted.copyTo(target);
      Mats.release(converted);
    } finally {
      Mats.release(block, small, target);
    }
  }

  private static void readStrips(Slide slide, int level, int width, int height, StripSink sink) {
    int rows = Math.max(1, Math.min(height, WHOLE_PIXELS / width));
    if (rows < height && rows > TILE_ROWS) {
      // Whole rows of tiles, so that few tiles are decoded for two strips.
      rows -= rows % TILE_ROWS;
    }
    double downsample = (double) slide.height() / slide.levels().get(level).height();
    for (int row = 0; row < height; row += rows) {
      int now = Math.min(rows, height - row);
      long y = Math.round(row * downsample);
      sink.strip(Pixels.argb(slide.readRegion(0, y, level, width, now)), row, now);
    }
  }

  /** Converts a strip into its rows of the reduced image; releases the strip. */
  private static void store(Mat strip, Function<Mat, Mat> convert, Mat out, int row) {
    Mat target = out.rowRange(row, row + strip.rows());
    try {
      Mat converted = convert.apply(strip);
      converted.copyTo(target);
      Mats.release(converted);
    } finally {
      Mats.release(strip, target);
    }
  }
}
