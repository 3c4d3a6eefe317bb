package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideLevel;
import java.util.function.Function;
import org.opencv.core.Mat;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole slide, reduced for segmentation, in native memory.
 *
 * <p>The slide is read in strips and every strip is turned at once into what the segmenter needs,
 * so that memory is bounded by the reduced image and one strip.
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
  private static final int STRIP_PIXELS = 1 << 23;
  private static final int WHOLE_PIXELS = 1 << 25;
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
    pixels.release();
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
    try {
      readStrips(
          slide,
          level.index(),
          width,
          height,
          1,
          (argb, row, rows) -> store(argb, width, rows, convert, out, row));
      return new SegmentationImage(out, level.downsampleX(), level.downsampleY());
    } catch (Throwable e) {
      out.release();
      throw e;
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
                  store(ready, width, held + 1, convert, out, y - held);
                }
              });
      readStrips(
          slide,
          0,
          readWidth,
          readHeight,
          1,
          (argb, row, rows) -> {
            for (int y = 0; y < rows; y++) {
              resize.push(argb, y * readWidth);
            }
          });
      return new SegmentationImage(out, level.downsampleX(), level.downsampleY());
    } catch (Throwable e) {
      out.release();
      throw e;
    }
  }

  private static SegmentationImage averaged(
      Slide slide, SlideLevel source, int factor, int type, Function<Mat, Mat> convert) {
    int width = Math.toIntExact(source.width() / factor);
    int height = Math.toIntExact(source.height() / factor);
    Mat out = new Mat(height, width, type);
    try {
      int sourceWidth = width * factor;
      readStrips(
          slide,
          source.index(),
          sourceWidth,
          height * factor,
          factor,
          (argb, row, rows) -> {
            Mat strip = Pixels.bgra(argb, sourceWidth, rows);
            Mat small = new Mat();
            try {
              Imgproc.resize(
                  strip, small, new Size(width, rows / factor), 0, 0, Imgproc.INTER_AREA);
              place(convert, small, out, row / factor);
            } finally {
              strip.release();
              small.release();
            }
          });
      return new SegmentationImage(
          out,
          (double) slide.width() / source.width() * factor,
          (double) slide.height() / source.height() * factor);
    } catch (Throwable e) {
      out.release();
      throw e;
    }
  }

  private static void readStrips(
      Slide slide, int level, int width, int height, int rowMultiple, StripSink sink) {
    int budget = (long) width * height <= WHOLE_PIXELS ? WHOLE_PIXELS : STRIP_PIXELS;
    int rows = Math.max(1, budget / width / rowMultiple) * rowMultiple;
    double downsample =
        (double) slide.height() / slide.levels().get(level).height(); // exact on this axis
    for (int row = 0; row < height; row += rows) {
      int now = Math.min(rows, height - row);
      long y = Math.round(row * downsample);
      sink.strip(Pixels.argb(slide.readRegion(0, y, level, width, now)), row, now);
    }
  }

  private static void store(
      int[] argb, int width, int rows, Function<Mat, Mat> convert, Mat out, int row) {
    Mat strip = Pixels.bgra(argb, width, rows);
    try {
      place(convert, strip, out, row);
    } finally {
      strip.release();
    }
  }

  private static void place(Function<Mat, Mat> convert, Mat bgra, Mat out, int row) {
    Mat converted = convert.apply(bgra);
    Mat target = out.rowRange(row, row + converted.rows());
    try {
      converted.copyTo(target);
    } finally {
      target.release();
      converted.release();
    }
  }
}
