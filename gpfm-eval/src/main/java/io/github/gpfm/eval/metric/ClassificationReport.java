package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.linalg.LinearAlgebra;
import io.github.gpfm.eval.linalg.Matrix;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * The classification figures with their intervals.
 *
 * @param figures by name, unmodifiable
 * @param confusion confusion matrix of the cases as they are
 */
public record ClassificationReport(
    Map<ClassificationMetric, Interval> figures, ConfusionMatrix confusion) {
  /** Conventional number of bootstrap replicates. */
  public static final int REPLICATES = 1000;

  /** Copies the figures. */
  public ClassificationReport {
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }

  /** One figure. */
  public Interval get(ClassificationMetric metric) {
    Interval interval = figures.get(metric);
    if (interval == null) {
      throw new EvaluationException("the figure " + metric.key() + " was not computed");
    }
    return interval;
  }

  /**
   * Evaluates a score table. The prediction is the class with the highest score, the lowest index
   * among ties.
   *
   * @param scores one row a case, one column a class; any monotone score
   * @param labels true classes
   * @param protocol {@link Protocol#OFFICIAL} draws Poisson replicates and counts a called but
   *     absent class as recall 0, as the reference's library does
   * @param seed seed of the bootstrap
   * @param replicates number of bootstrap replicates
   */
  public static ClassificationReport of(
      double[][] scores, int[] labels, Protocol protocol, long seed, int replicates) {
    int n = labels.length;
    if (scores.length != n || n == 0) {
      throw new EvaluationException(scores.length + " predictions stand against " + n + " labels");
    }
    int classes = scores[0].length;
    int[] predictions = argmax(scores);
    ConfusionMatrix confusion = ConfusionMatrix.of(labels, predictions, classes);
    // A binary task has one curve; its mirror image would change nothing.
    RocAuc[] curves = RocAuc.oneVsRest(scores, labels);
    boolean official = protocol == Protocol.OFFICIAL;
    Bootstrap bootstrap =
        Bootstrap.draw(
            n,
            replicates,
            seed,
            official ? Bootstrap.Resampling.POISSON : Bootstrap.Resampling.MULTINOMIAL);
    ConfusionMatrix[] resampled = confusions(labels, predictions, classes, bootstrap);
    Map<ClassificationMetric, Interval> figures = new EnumMap<>(ClassificationMetric.class);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    for (ClassificationMetric metric : ClassificationMetric.values()) {
      if (metric == ClassificationMetric.AUC_MACRO) {
        figures.put(
            metric,
            Interval.of(RocAuc.macro(curves, ones), bootstrap.map(w -> RocAuc.macro(curves, w))));
      } else {
        double[] values =
            Arrays.stream(resampled).mapToDouble(m -> metric.of(m, official)).toArray();
        figures.put(metric, Interval.of(metric.of(confusion, official), values));
      }
    }
    return new ClassificationReport(figures, confusion);
  }

  // Replicate weights times the one-hot table of (truth, prediction) cells: every replicate's
  // confusion matrix in one product.
  private static ConfusionMatrix[] confusions(
      int[] labels, int[] predictions, int classes, Bootstrap bootstrap) {
    Matrix cells = Matrix.zeros(labels.length, classes * classes);
    for (int i = 0; i < labels.length; i++) {
      cells.set(i, ConfusionMatrix.cell(labels[i], predictions[i], classes), 1);
    }
    if (bootstrap.replicates() == 0) {
      return new ConfusionMatrix[0];
    }
    Matrix counts = LinearAlgebra.get().multiply(bootstrap.weights(), false, cells, false);
    ConfusionMatrix[] result = new ConfusionMatrix[counts.rows()];
    for (int r = 0; r < result.length; r++) {
      double[] row = new double[classes * classes];
      for (int c = 0; c < row.length; c++) {
        row[c] = counts.get(r, c);
      }
      result[r] = ConfusionMatrix.ofCounts(classes, row);
    }
    return result;
  }

  /** Index of the highest score of each row, the lowest among ties. */
  public static int[] argmax(double[][] scores) {
    int[] result = new int[scores.length];
    for (int i = 0; i < scores.length; i++) {
      for (int c = 1; c < scores[i].length; c++) {
        if (scores[i][c] > scores[i][result[i]]) {
          result[i] = c;
        }
      }
    }
    return result;
  }
}
