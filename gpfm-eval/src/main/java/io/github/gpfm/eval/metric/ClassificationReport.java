package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

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
    ConfusionMatrix confusion = ConfusionMatrix.of(labels, argmax(scores), scores[0].length);
    boolean official = protocol == Protocol.OFFICIAL;
    Bootstrap bootstrap = Bootstrap.draw(n, replicates, seed, Bootstrap.Resampling.of(protocol));
    Map<ClassificationMetric, Interval> figures = new EnumMap<>(ClassificationMetric.class);
    double[] ones = new double[n];
    Arrays.fill(ones, 1);
    for (ClassificationMetric metric : ClassificationMetric.values()) {
      ToDoubleFunction<double[]> figure = metric.of(scores, labels, official);
      figures.put(metric, Interval.of(figure.applyAsDouble(ones), bootstrap.map(figure)));
    }
    return new ClassificationReport(figures, confusion);
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
