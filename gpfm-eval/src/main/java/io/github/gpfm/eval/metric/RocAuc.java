package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Area under the receiver operating characteristic of one score column; tied scores count one half.
 * The order of the scores is computed once, so that many weightings (bootstrap replicates) are
 * cheap.
 */
public final class RocAuc {
  private final boolean[] positive;
  private final int[] order;
  private final boolean[] endOfTie;

  /**
   * @param scores higher means more likely positive; finite
   * @param positive truth, as many
   */
  public RocAuc(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new EvaluationException(
          scores.length + " scores stand against " + positive.length + " labels");
    }
    for (int i = 0; i < scores.length; i++) {
      if (Double.isNaN(scores[i])) {
        throw new EvaluationException("the score of case " + i + " is not a number");
      }
    }
    this.positive = positive.clone();
    this.order =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    this.endOfTie = new boolean[scores.length];
    for (int r = 0; r < order.length; r++) {
      endOfTie[r] = r + 1 == order.length || scores[order[r]] != scores[order[r + 1]];
    }
  }

  /** The area; NaN if there is only one class. */
  public double value() {
    double[] ones = new double[positive.length];
    Arrays.fill(ones, 1);
    return value(ones);
  }

  /**
   * The area with case weights.
   *
   * @param weights how often each case counts
   * @return the area, or NaN if only one class has weight
   */
  public double value(double[] weights) {
    double below = 0;
    double tiedNegative = 0;
    double tiedPositive = 0;
    double area = 0;
    double positives = 0;
    for (int r = 0; r < order.length; r++) {
      int i = order[r];
      if (positive[i]) {
        tiedPositive += weights[i];
      } else {
        tiedNegative += weights[i];
      }
      if (endOfTie[r]) {
        area += tiedPositive * (below + tiedNegative / 2);
        below += tiedNegative;
        positives += tiedPositive;
        tiedNegative = 0;
        tiedPositive = 0;
      }
    }
    return area / (positives * below);
  }

  /**
   * One-vs-rest curves of a multi-class score table.
   *
   * @param scores one row a case, one column a class
   * @param labels true classes
   */
  public static RocAuc[] oneVsRest(double[][] scores, int[] labels) {
    int classes = scores.length == 0 ? 0 : scores[0].length;
    RocAuc[] curves = new RocAuc[classes];
    for (int c = 0; c < classes; c++) {
      double[] column = new double[labels.length];
      boolean[] truth = new boolean[labels.length];
      for (int i = 0; i < labels.length; i++) {
        column[i] = scores[i][c];
        truth[i] = labels[i] == c;
      }
      curves[c] = new RocAuc(column, truth);
    }
    return curves;
  }

  /**
   * Mean area over the classes that have positive and negative cases.
   *
   * @return NaN if there is no such class
   */
  public static double macro(RocAuc[] curves, double[] weights) {
    return Arrays.stream(curves)
        .mapToDouble(c -> c.value(weights))
        .filter(v -> !Double.isNaN(v))
        .average()
        .orElse(Double.NaN);
  }
}
