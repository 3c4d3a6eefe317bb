package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.SegmentationImage;
import io.github.gpfm.tiling.tissue.Tissue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * A segmentation for faint and fatty tissue, which a single threshold on saturation loses.
 *
 * <p>At 2 µm per pixel a pixel is tissue if its smoothed HSV saturation stands out from that of the
 * glass, if its smoothed gray value is darker, or if the gray values around it are varied: the
 * Shannon entropy of their distance from the glass in a window of nine pixels exceeds a limit. The
 * last test finds pale stroma and the thin walls between fat cells; closing joins them. The
 * brightness and saturation of the glass are taken from the slide itself: the mode of the bright
 * pixels, and median plus deviations around it.
 *
 * @param entropy limit of the local entropy in bits, more than 0
 * @param filter which pieces and holes are kept
 */
public record HsvEntropySegmenter(double entropy, RegionFilter filter) implements TissueSegmenter {
  private static final double MPP = 2;
  private static final int WINDOW = 9;
  private static final int CLOSING = 13;
  private static final int BINS = 16;
  private static final int GRAYS_PER_BIN = 6;

  /** The least that a saturation must exceed the glass's median by. */
  private static final int LEAST_SATURATION = 4;

  /** Smoothed gray values this far below the glass are tissue. */
  private static final int LEAST_DARKNESS = 10;

  /** Checks the limit. */
  public HsvEntropySegmenter {
    if (!(entropy > 0) || entropy > 4) {
      throw new InvalidOptionException(
          "The entropy limit must be more than 0 and at most 4 bits, not " + entropy + ".");
    }
  }

  /** 1 bit; the usual pieces and holes. */
  public HsvEntropySegmenter() {
    this(1.0, RegionFilter.DEFAULT);
  }

  /** These settings with another filter of pieces and holes. */
  public HsvEntropySegmenter withFilter(RegionFilter newFilter) {
    return new HsvEntropySegmenter(entropy, newFilter);
  }

  @Override
  public String name() {
    return "hsv-entropy";
  }

  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.add("entropy", entropy).with(filter);
  }

  @Override
  public Tissue segment(Slide slide) {
    double downsample = RegionFilter.downsample(slide, MPP);
    try (SegmentationImage image =
        SegmentationImage.read(
            slide, downsample, CvType.CV_8UC2, HsvEntropySegmenter::saturationAndGray)) {
      Mat mask = mask(image.pixels());
      try {
        return filter.trace(
            name(),
            slide,
            mask,
            image.downsampleX(),
            image.downsampleY(),
            Map.of("mpp", Double.toString(MPP), "entropy", Double.toString(entropy)));
      } finally {
        Mats.release(mask);
      }
    }
  }

  private static Mat saturationAndGray(Mat bgra) {
    Mat hsv = new Mat();
    Mat gray = new Mat();
    Mat saturation = new Mat();
    Mat transparent = new Mat();
    Mat both = new Mat();
    try {
      Imgproc.cvtColor(bgra, hsv, Imgproc.COLOR_BGR2HSV);
      Imgproc.cvtColor(bgra, gray, Imgproc.COLOR_BGRA2GRAY);
      Core.extractChannel(hsv, saturation, 1);
      Core.extractChannel(bgra, transparent, 3);
      // What the scanner did not scan, and black stitching gaps, are glass.
      Core.inRange(transparent, Scalar.all(0), Scalar.all(127), transparent);
      gray.setTo(Scalar.all(255), transparent);
      saturation.setTo(Scalar.all(0), transparent);
      Core.merge(List.of(saturation, gray), both);
      return both;
    } finally {
      Mats.release(hsv, gray, saturation, transparent);
    }
  }

  private Mat mask(Mat pixels) {
    List<Mat> channels = new ArrayList<>();
    Core.split(pixels, channels);
    Mat saturation = channels.get(0);
    Mat gray = channels.get(1);
    Mat varied = new Mat();
    Mat mask = new Mat();
    try {
      int glass = glassGray(gray);
      int limit = saturationLimit(saturation, gray, glass);
      Imgproc.medianBlur(saturation, saturation, 5);
      Imgproc.threshold(saturation, mask, limit, 255, Imgproc.THRESH_BINARY);
      entropyAbove(gray, glass, varied);
      // A window already sees tissue from half its size away: what it adds outside is taken back.
      morph(varied, Imgproc.MORPH_CLOSE, CLOSING);
      morph(varied, Imgproc.MORPH_ERODE, WINDOW);
      Core.bitwise_or(mask, varied, mask);
      Imgproc.medianBlur(gray, gray, 5);
      Imgproc.threshold(gray, varied, glass - LEAST_DARKNESS, 255, Imgproc.THRESH_BINARY_INV);
      Core.bitwise_or(mask, varied, mask);
      morph(mask, Imgproc.MORPH_CLOSE, CLOSING);
      morph(mask, Imgproc.MORPH_OPEN, 3);
      return mask;
    } finally {
      Mats.release(varied);
      Mats.release(channels);
    }
  }

  private static void morph(Mat mask, int operation, int size) {
    Mat kernel = Imgproc.getStructuringElement(Imgproc.MORPH_ELLIPSE, new Size(size, size));
    try {
      Imgproc.morphologyEx(mask, mask, operation, kernel);
    } finally {
      Mats.release(kernel);
    }
  }

  /** The commonest gray among the bright ones. */
  private static int glassGray(Mat gray) {
    int[] histogram = histogram(gray, null);
    int mode = 245;
    int most = 0;
    for (int value = 190; value < 255; value++) {
      if (histogram[value] > most) {
        most = histogram[value];
        mode = value;
      }
    }
    return mode;
  }

  private static int saturationLimit(Mat saturation, Mat gray, int glass) {
    Mat bright = new Mat();
    try {
      Core.inRange(gray, Scalar.all(glass - 4), Scalar.all(Math.min(254, glass + 8)), bright);
      int[] histogram = histogram(saturation, bright);
      int median = quantile(histogram, 0.5);
      // The lower half is glass even where pale tissue is as bright as glass.
      int spread = median - quantile(histogram, 0.16);
      return median + Math.max(LEAST_SATURATION, 4 * spread);
    } finally {
      Mats.release(bright);
    }
  }

  private static int[] histogram(Mat pixels, @Nullable Mat where) {
    int[] histogram = new int[256];
    byte[] row = new byte[pixels.cols()];
    byte[] chosen = new byte[pixels.cols()];
    Arrays.fill(chosen, (byte) 1);
    for (int y = 0; y < pixels.rows(); y++) {
      pixels.get(y, 0, row);
      if (where != null) {
        where.get(y, 0, chosen);
      }
      for (int x = 0; x < row.length; x++) {
        if (chosen[x] != 0) {
          histogram[row[x] & 0xff]++;
        }
      }
    }
    return histogram;
  }

  private static int quantile(int[] histogram, double part) {
    long total = Arrays.stream(histogram).asLongStream().sum();
    long seen = 0;
    for (int value = 0; value < histogram.length; value++) {
      seen += histogram[value];
      if (seen > part * total) {
        return value;
      }
    }
    return 0;
  }

  /** Marks with 255 where the entropy of the distance from glass exceeds the limit. */
  private void entropyAbove(Mat gray, int glass, Mat out) {
    Mat distance = new Mat();
    Mat sum = Mat.zeros(gray.size(), CvType.CV_32F);
    Mat bin = new Mat();
    Mat part = new Mat();
    Mat log = new Mat();
    try {
      Mat shade = new Mat(gray.size(), CvType.CV_8UC1, Scalar.all(glass + GRAYS_PER_BIN / 2));
      Core.subtract(shade, gray, distance);
      Mats.release(shade);
      for (int i = 0; i < BINS; i++) {
        int low = i * GRAYS_PER_BIN;
        int high = i == BINS - 1 ? 255 : low + GRAYS_PER_BIN - 1;
        Core.inRange(distance, Scalar.all(low), Scalar.all(high), bin);
        bin.convertTo(part, CvType.CV_32F, 1.0 / 255);
        Imgproc.boxFilter(part, part, CvType.CV_32F, new Size(WINDOW, WINDOW));
        Core.add(part, Scalar.all(1e-9), log);
        Core.log(log, log);
        Core.multiply(part, log, log, -1 / Math.log(2));
        Core.add(sum, log, sum);
      }
      Imgproc.threshold(sum, sum, entropy, 255, Imgproc.THRESH_BINARY);
      sum.convertTo(out, CvType.CV_8U);
    } finally {
      Mats.release(distance, sum, bin, part, log);
    }
  }
}
