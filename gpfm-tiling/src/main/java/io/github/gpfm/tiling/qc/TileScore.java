package io.github.gpfm.tiling.qc;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.tiling.internal.Mats;
import io.github.gpfm.tiling.internal.OpenCv;
import io.github.gpfm.tiling.internal.Pixels;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.Locale;
import org.opencv.core.Core;
import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.core.MatOfDouble;
import org.opencv.core.Scalar;
import org.opencv.core.Size;
import org.opencv.imgproc.Imgproc;

/**
 * Scores of a tile's pixels. They tell apart what spoils a tile for a model; none of them claims to
 * recognise blood, necrosis or any other diagnosis.
 */
public enum TileScore {
  /** Sharpness: variance of the Laplacian of the gray values; low means blurred. */
  BLUR {
    @Override
    double of(Mat bgr, double mpp) {
      Mat gray = new Mat();
      Mat laplacian = new Mat();
      MatOfDouble mean = new MatOfDouble();
      MatOfDouble deviation = new MatOfDouble();
      try {
        Imgproc.cvtColor(bgr, gray, Imgproc.COLOR_BGR2GRAY);
        Imgproc.Laplacian(gray, laplacian, CvType.CV_64F);
        Core.meanStdDev(laplacian, mean, deviation);
        double sigma = deviation.get(0, 0)[0];
        return sigma * sigma;
      } finally {
        Mats.release(gray, laplacian, mean, deviation);
      }
    }
  },

  /** Part of the pixels that are glass: bright (gray above 210) and nearly colourless, 0 to 1. */
  WHITE {
    @Override
    double of(Mat bgr, double mpp) {
      Mat hsv = new Mat();
      Mat mask = new Mat();
      try {
        Imgproc.cvtColor(bgr, hsv, Imgproc.COLOR_BGR2HSV);
        Core.inRange(hsv, new Scalar(0, 0, 210), new Scalar(180, 18, 255), mask);
        return part(mask);
      } finally {
        Mats.release(hsv, mask);
      }
    }
  },

  /**
   * Part of the pixels with the colours of marker pens, 0 to 1: saturated green, saturated blue
   * without red in it, strongly saturated red, and black.
   */
  PEN {
    @Override
    double of(Mat bgr, double mpp) {
      Mat hsv = new Mat();
      Mat mask = new Mat();
      Mat any = new Mat();
      try {
        Imgproc.cvtColor(bgr, hsv, Imgproc.COLOR_BGR2HSV);
        Core.inRange(hsv, new Scalar(35, 50, 30), new Scalar(95, 255, 255), any);
        Core.inRange(hsv, new Scalar(95, 90, 30), new Scalar(116, 255, 255), mask);
        Core.bitwise_or(any, mask, any);
        Core.inRange(hsv, new Scalar(0, 150, 60), new Scalar(10, 255, 255), mask);
        Core.bitwise_or(any, mask, any);
        Core.inRange(hsv, new Scalar(171, 170, 60), new Scalar(180, 255, 255), mask);
        Core.bitwise_or(any, mask, any);
        Core.inRange(hsv, new Scalar(0, 0, 0), new Scalar(180, 255, 45), mask);
        Core.bitwise_or(any, mask, any);
        return part(any);
      } finally {
        Mats.release(hsv, mask, any);
      }
    }
  },

  /**
   * Part of the pixels in folds, 0 to 1: where tissue lies double it is both more saturated and
   * darker, so that saturation exceeds brightness (Kothari et al. 2013, the difference that their
   * connectivity-based threshold works on). Spots smaller than 20 µm, such as nuclei, do not count.
   */
  FOLD {
    @Override
    double of(Mat bgr, double mpp) {
      Mat hsv = new Mat();
      Mat saturation = new Mat();
      Mat value = new Mat();
      Mat mask = new Mat();
      int size =
          (int) Math.max(3, Math.min(bgr.cols() / 4.0, Math.round(20 / (mpp > 0 ? mpp : 0.5))));
      Mat kernel = Imgproc.getStructuringElement(Imgproc.MORPH_ELLIPSE, new Size(size, size));
      try {
        Imgproc.cvtColor(bgr, hsv, Imgproc.COLOR_BGR2HSV);
        Core.extractChannel(hsv, saturation, 1);
        Core.extractChannel(hsv, value, 2);
        Core.subtract(saturation, value, mask);
        Imgproc.threshold(mask, mask, 12, 255, Imgproc.THRESH_BINARY);
        Imgproc.morphologyEx(mask, mask, Imgproc.MORPH_OPEN, kernel);
        return part(mask);
      } finally {
        Mats.release(hsv, saturation, value, mask, kernel);
      }
    }
  };

  /** Column name of the part of a tile that is tissue, which needs no pixels. */
  public static final String TISSUE_FRACTION = "tissue_fraction";

  /** Column name of the score, for instance {@code blur}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the score is a part of the tile, from 0 to 1. */
  public boolean isPart() {
    return this != BLUR;
  }

  /**
   * The score of the given column name.
   *
   * @throws InvalidOptionException if there is none
   */
  public static TileScore of(String label) {
    for (TileScore score : values()) {
      if (score.label().equalsIgnoreCase(label)) {
        return score;
      }
    }
    throw new InvalidOptionException(
        "A quality score must be one of "
            + String.join(", ", Arrays.stream(values()).map(TileScore::label).toList())
            + ", not "
            + label
            + ".");
  }

  /**
   * Scores a tile.
   *
   * @param tile its pixels; alpha is ignored
   * @param mpp its resolution, µm per pixel; NaN when unknown, which is taken for 0.5
   */
  public double of(BufferedImage tile, double mpp) {
    OpenCv.load();
    Mat bgra = Pixels.bgra(tile);
    Mat bgr = new Mat();
    try {
      Imgproc.cvtColor(bgra, bgr, Imgproc.COLOR_BGRA2BGR);
      return of(bgr, mpp);
    } finally {
      Mats.release(bgra, bgr);
    }
  }

  abstract double of(Mat bgr, double mpp);

  private static double part(Mat mask) {
    return (double) Core.countNonZero(mask) / mask.total();
  }
}
