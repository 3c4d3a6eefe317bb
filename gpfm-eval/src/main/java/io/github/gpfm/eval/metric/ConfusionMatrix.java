package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;

/**
 * How often class {@code t} was called class {@code p}; counts may be fractional or repeated, so
 * that a bootstrap replicate is a confusion matrix too. Immutable.
 */
public final class ConfusionMatrix {
  private final int classes;
  private final double[] counts;

  private ConfusionMatrix(int classes, double[] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  /**
   * @param classes number of classes C
   * @param counts C x C, rows are the truth; copied
   */
  public static ConfusionMatrix ofCounts(int classes, double... counts) {
    if (counts.length != classes * classes) {
      throw new EvaluationException(
          counts.length + " counts do not make a confusion matrix of " + classes + " classes");
    }
    return new ConfusionMatrix(classes, counts.clone());
  }

  /**
   * Counts predictions.
   *
   * @param labels true classes, each 0 ≤ label &lt; classes
   * @param predictions called classes, as many
   * @param classes number of classes
   */
  public static ConfusionMatrix of(int[] labels, int[] predictions, int classes) {
    if (labels.length != predictions.length) {
      throw new EvaluationException(
          labels.length + " labels stand against " + predictions.length + " predictions");
    }
    double[] ones = new double[labels.length];
    Arrays.fill(ones, 1);
    return of(labels, predictions, classes, ones);
  }

  /**
   * Counts predictions with case weights.
   *
   * @param weights how often each case counts
   */
  public static ConfusionMatrix of(int[] labels, int[] predictions, int classes, double[] weights) {
    double[] counts = new double[classes * classes];
    for (int i = 0; i < labels.length; i++) {
      counts[cell(labels[i], predictions[i], classes)] += weights[i];
    }
    return new ConfusionMatrix(classes, counts);
  }

  /** Index of (truth, prediction) in row-major counts. */
  static int cell(int label, int prediction, int classes) {
    if (label < 0 || label >= classes || prediction < 0 || prediction >= classes) {
      throw new EvaluationException(
          "class " + Math.max(label, prediction) + " is outside 0.." + (classes - 1));
    }
    return label * classes + prediction;
  }

  /** Number of classes. */
  public int classes() {
    return classes;
  }

  /** Cases of class {@code truth} that were called {@code prediction}. */
  public double count(int truth, int prediction) {
    return counts[truth * classes + prediction];
  }

  /** Cases of class {@code truth}. */
  public double support(int truth) {
    double sum = 0;
    for (int p = 0; p < classes; p++) {
      sum += count(truth, p);
    }
    return sum;
  }

  /** Cases called {@code prediction}. */
  public double called(int prediction) {
    double sum = 0;
    for (int t = 0; t < classes; t++) {
      sum += count(t, prediction);
    }
    return sum;
  }

  private double total() {
    double sum = 0;
    for (double c : counts) {
      sum += c;
    }
    return sum;
  }

  /** Share of cases called right; NaN without cases. */
  public double accuracy() {
    double right = 0;
    for (int c = 0; c < classes; c++) {
      right += count(c, c);
    }
    return right / total();
  }

  /** Mean recall over the classes that occur in the truth. */
  public double balancedAccuracy() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      double support = support(c);
      if (support > 0) {
        sum += count(c, c) / support;
        present++;
      }
    }
    return sum / present;
  }

  /**
   * The reference's "top-1 accuracy, macro": mean recall over the classes that occur in the truth
   * or among the predictions. Equal to {@link #balancedAccuracy} unless a class is called that does
   * not occur, which then counts as recall 0 (torchmetrics' macro average).
   */
  public double officialMacroAccuracy() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      double support = support(c);
      if (support > 0) {
        sum += count(c, c) / support;
      }
      if (support > 0 || called(c) > 0) {
        present++;
      }
    }
    return sum / present;
  }

  /** F1 of one class: 2 tp / (2 tp + fp + fn); 0 where the class neither occurs nor is called. */
  public double f1(int c) {
    double both = support(c) + called(c);
    return both == 0 ? 0 : 2 * count(c, c) / both;
  }

  /** Mean F1 over the classes that occur or are called. */
  public double f1Macro() {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < classes; c++) {
      if (support(c) + called(c) > 0) {
        sum += f1(c);
        present++;
      }
    }
    return sum / present;
  }

  /** Mean F1 weighted with the true frequency of each class. */
  public double f1Weighted() {
    double sum = 0;
    for (int c = 0; c < classes; c++) {
      sum += support(c) * f1(c);
    }
    return sum / total();
  }

  /** Cohen's kappa; NaN where chance agreement is complete. */
  public double kappa() {
    return kappa(0);
  }

  /** Cohen's kappa with quadratic weights: classes are grades in order. */
  public double kappaQuadratic() {
    return kappa(2);
  }

  // Disagreement |t - p|^power (power 0: any disagreement is 1) against that expected by chance.
  private double kappa(int power) {
    double[] truth = new double[classes];
    double[] called = new double[classes];
    for (int c = 0; c < classes; c++) {
      truth[c] = support(c);
      called[c] = called(c);
    }
    double total = total();
    double observed = 0;
    double expected = 0;
    for (int t = 0; t < classes; t++) {
      for (int p = 0; p < classes; p++) {
        if (t != p) {
          double cost = power == 0 ? 1 : (double) (t - p) * (t - p);
          observed += cost * count(t, p);
          expected += cost * truth[t] * called[p] / total;
        }
      }
    }
    return expected == 0 ? Double.NaN : 1 - observed / expected;
  }

  /** The counts, row-major; rows are the truth. */
  public double[] counts() {
    return counts.clone();
  }
}
