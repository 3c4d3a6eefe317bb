package io.github.gpfm.tiling.internal;

import org.opencv.core.CvType;
import org.opencv.core.Mat;
import org.opencv.imgproc.Imgproc;

/** The two-pass Otsu segmentation of one tile, as TRIDENT's {@code apply_otsu_thresholding}. */
public final class TwoPassOtsu {
  private static final int BINS = 256;
  private static final int SMALLEST_OBJECT = 60;
  private static final int LARGEST_FILLED_HOLE = 5000;

  private TwoPassOtsu() {}

  /**
   * Finds the tissue of a tile.
   *
   * @param rgb interleaved 8-bit RGB; changed
   * @return 255 for tissue, 0 elsewhere, row-major
   */
  public static byte[] tissue(byte[] rgb, int width, int height) {
    int count = width * height;
    for (int i = 0; i < count; i++) {
      if (rgb[3 * i] == 0 && rgb[3 * i + 1] == 0 && rgb[3 * i + 2] == 0) {
        fill(rgb, i, -1);
      }
    }
    boolean[] glass = grayOrBlack(rgb, width, height);
    double[] gray = new double[count];
    for (int i = 0; i < count; i++) {
      gray[i] = glass[i] ? luminance(255, 255, 255) : luminance(rgb, i);
    }
    boolean[] mask = below(gray, otsu(gray));
    dropSmall(mask, width, height, SMALLEST_OBJECT, false);
    for (int i = 0; i < count; i++) {
      if (mask[i]) {
        gray[i] = luminance(rgb, i);
      } else {
        gray[i] =
            luminance(
                rgb[3 * i] != 0 ? 255 : 0,
                rgb[3 * i + 1] != 0 ? 255 : 0,
                rgb[3 * i + 2] != 0 ? 255 : 0);
      }
    }
    mask = below(gray, otsu(gray));
    dropSmall(mask, width, height, LARGEST_FILLED_HOLE, true);
    byte[] tissue = new byte[count];
    for (int i = 0; i < count; i++) {
      tissue[i] = (byte) (mask[i] ? 255 : 0);
    }
    return tissue;
  }

  private static void fill(byte[] rgb, int i, int value) {
    rgb[3 * i] = (byte) value;
    rgb[3 * i + 1] = (byte) value;
    rgb[3 * i + 2] = (byte) value;
  }

  /** Nearly colourless pixels that are not very dark, and all dark ones. */
  private static boolean[] grayOrBlack(byte[] rgb, int width, int height) {
    Mat image = new Mat(height, width, CvType.CV_8UC3);
    Mat hsv = new Mat();
    try {
      image.put(0, 0, rgb);
      Imgproc.cvtColor(image, hsv, Imgproc.COLOR_RGB2HSV);
      byte[] values = new byte[rgb.length];
      hsv.get(0, 0, values);
      boolean[] found = new boolean[width * height];
      for (int i = 0; i < found.length; i++) {
        int saturation = values[3 * i + 1] & 0xff;
        int value = values[3 * i + 2] & 0xff;
        found[i] = value <= 85 || saturation <= 10 && value >= 70;
      }
      return found;
    } finally {
      Mats.release(image, hsv);
    }
  }

  private static double luminance(byte[] rgb, int i) {
    return luminance(rgb[3 * i] & 0xff, rgb[3 * i + 1] & 0xff, rgb[3 * i + 2] & 0xff);
  }

  /** Luminance as scikit-image weighs it, times 255. */
  private static double luminance(int red, int green, int blue) {
    return 0.2125 * red + 0.7154 * green + 0.0721 * blue;
  }

  private static boolean[] below(double[] gray, double threshold) {
    boolean[] mask = new boolean[gray.length];
    for (int i = 0; i < gray.length; i++) {
      mask[i] = gray[i] < threshold;
    }
    return mask;
  }

  /** Otsu's threshold over 256 bins from the smallest to the largest value. */
  static double otsu(double[] values) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    if (!(max > min)) {
      return min;
    }
    double[] counts = new double[BINS];
    double width = (max - min) / BINS;
    for (double value : values) {
      counts[Math.min(BINS - 1, (int) ((value - min) / width))]++;
    }
    double total = values.length;
    double sum = 0;
    for (int i = 0; i < BINS; i++) {
      sum += counts[i] * (min + (i + 0.5) * width);
    }
    double weight = 0;
    double part = 0;
    double best = -1;
    int bestBin = 0;
    for (int i = 0; i < BINS - 1; i++) {
      weight += counts[i];
      part += counts[i] * (min + (i + 0.5) * width);
      double rest = total - weight;
      double difference = part / weight - (sum - part) / rest;
      double variance = weight * rest * difference * difference;
      if (variance > best) {
        best = variance;
        bestBin = i;
      }
    }
    return min + (bestBin + 0.5) * width;
  }

  /**
   * Flips 4-connected components that have fewer pixels than a limit: objects, or holes.
   *
   * @param holes whether the components of {@code false} are meant
   */
  private static void dropSmall(boolean[] mask, int width, int height, int limit, boolean holes) {
    byte[] pixels = new byte[mask.length];
    for (int i = 0; i < mask.length; i++) {
      pixels[i] = (byte) (mask[i] != holes ? 1 : 0);
    }
    Mat image = new Mat(height, width, CvType.CV_8UC1);
    Mat labels = new Mat();
    Mat stats = new Mat();
    Mat centroids = new Mat();
    try {
      image.put(0, 0, pixels);
      int components =
          Imgproc.connectedComponentsWithStats(image, labels, stats, centroids, 4, CvType.CV_32S);
      int[] label = new int[mask.length];
      labels.get(0, 0, label);
      int[] table = new int[components * stats.cols()];
      stats.get(0, 0, table);
      for (int i = 0; i < mask.length; i++) {
        if (label[i] > 0 && table[label[i] * stats.cols() + Imgproc.CC_STAT_AREA] < limit) {
          mask[i] = holes;
        }
      }
    } finally {
      Mats.release(image, labels, stats, centroids);
    }
  }
}
