package io.github.gpfm.eval.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * How well class probabilities agree with what happens.
 *
 * <p>The Brier score of two classes is the mean squared error of the second class's probability; of
 * more, the mean over cases of the sum of squared errors over classes. The expected calibration
 * error takes each case's highest probability as its confidence, in {@value #BINS} equal bins
 * (left-open), and weighs |accuracy − confidence| of a bin with its share of the cases.
 */
public final class Calibration {
  /** Number of equal bins of confidence. */
  public static final int BINS = 15;

  private static final double SUM_TOLERANCE = 1e-4;

  private Calibration() {}

  /**
   * A bin of the reliability diagram.
   *
   * @param cases how many (weighted)
   * @param confidence mean highest probability
   * @param accuracy share called right
   */
  public record Bin(double cases, double confidence, double accuracy) {}

  /** Whether rows are probabilities: in 0..1, with sum 1. */
  public static boolean areProbabilities(double[][] scores) {
    for (double[] row : scores) {
      double sum = 0;
      for (double p : row) {
        if (!(p >= 0 && p <= 1 + SUM_TOLERANCE)) {
          return false;
        }
        sum += p;
      }
      if (Math.abs(sum - 1) > SUM_TOLERANCE) {
        return false;
      }
    }
    return true;
  }

  /** Brier score with case weights. */
  public static double brier(double[][] probabilities, int[] labels, double[] weights) {
    double sum = 0;
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      double[] p = probabilities[i];
      double squares = 0;
      for (int c = p.length == 2 ? 1 : 0; c < p.length; c++) {
        double d = p[c] - (labels[i] == c ? 1 : 0);
        squares += d * d;
      }
      sum += weights[i] * squares;
      total += weights[i];
    }
    return sum / total;
  }

  /** Expected calibration error with case weights. */
  public static double expectedError(double[][] probabilities, int[] labels, double[] weights) {
    double error = 0;
    double total = 0;
    for (Bin bin : bins(probabilities, labels, weights)) {
      error += bin.cases * Math.abs(bin.accuracy - bin.confidence);
      total += bin.cases;
    }
    return error / total;
  }

  /** The bins that hold a case, by rising confidence. */
  public static List<Bin> bins(double[][] probabilities, int[] labels, double[] weights) {
    double[] cases = new double[BINS];
    double[] confidence = new double[BINS];
    double[] right = new double[BINS];
    int[] called = ClassificationReport.argmax(probabilities);
    for (int i = 0; i < labels.length; i++) {
      double p = probabilities[i][called[i]];
      int bin = Math.min(BINS - 1, Math.max(0, (int) Math.ceil(p * BINS) - 1));
      cases[bin] += weights[i];
      confidence[bin] += weights[i] * p;
      right[bin] += called[i] == labels[i] ? weights[i] : 0;
    }
    List<Bin> result = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      if (cases[b] > 0) {
        result.add(new Bin(cases[b], confidence[b] / cases[b], right[b] / cases[b]));
      }
    }
    return result;
  }
}
