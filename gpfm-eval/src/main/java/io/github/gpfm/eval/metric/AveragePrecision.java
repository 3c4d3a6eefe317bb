package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Area under the precision–recall curve as a sum of steps (average precision): the sum over
 * thresholds of the rise in recall times the precision there. Tied scores enter together.
 */
public final class AveragePrecision implements ToDoubleFunction<double[]> {
  private final boolean[] positive;
  private final int[] order;
  private final boolean[] endOfTie;

  /**
   * @param scores higher means more likely positive; not NaN
   * @param positive truth, as many
   */
  public AveragePrecision(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new EvaluationException(
          scores.length + " scores stand against " + positive.length + " labels");
    }
    if (Arrays.stream(scores).anyMatch(Double::isNaN)) {
      throw new EvaluationException("a score is not a number");
    }
    this.positive = positive.clone();
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.endOfTie = new boolean[scores.length];
    for (int r = 0; r < order.length; r++) {
      endOfTie[r] = r + 1 == order.length || scores[order[r]] != scores[order[r + 1]];
    }
  }

  /**
   * The area with case weights.
   *
   * @return NaN without positive weight
   */
  @Override
  public double applyAsDouble(double[] weights) {
    double all = 0;
    for (int i = 0; i < positive.length; i++) {
      all += positive[i] ? weights[i] : 0;
    }
    if (all == 0) {
      return Double.NaN;
    }
    double hits = 0;
    double seen = 0;
    double before = 0;
    double area = 0;
    for (int r = 0; r < order.length; r++) {
      seen += weights[order[r]];
      hits += positive[order[r]] ? weights[order[r]] : 0;
      if (endOfTie[r] && seen > 0) {
        area += (hits - before) / all * (hits / seen);
        before = hits;
      }
    }
    return area;
  }

  /**
   * Of a class table: the second class of two, otherwise the mean over the classes that occur.
   *
   * @param scores one row a case, one column a class
   * @param labels true classes
   */
  public static ToDoubleFunction<double[]> macro(double[][] scores, int[] labels) {
    int classes = scores[0].length;
    AveragePrecision[] curves =
        IntStream.range(classes == 2 ? 1 : 0, classes)
            .mapToObj(
                c -> {
                  boolean[] truth = new boolean[labels.length];
                  for (int i = 0; i < truth.length; i++) {
                    truth[i] = labels[i] == c;
                  }
                  double[] column = Arrays.stream(scores).mapToDouble(row -> row[c]).toArray();
                  return new AveragePrecision(column, truth);
                })
            .toArray(AveragePrecision[]::new);
    return weights ->
        Arrays.stream(curves)
            .mapToDouble(c -> c.applyAsDouble(weights))
            .filter(v -> !Double.isNaN(v))
            .average()
            .orElse(Double.NaN);
  }
}
