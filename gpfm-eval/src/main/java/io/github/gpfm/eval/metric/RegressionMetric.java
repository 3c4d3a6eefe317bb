package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.rank.RankTable;
import java.util.function.ToDoubleFunction;

/** The figures reported for a predicted number. */
public enum RegressionMetric {
  /** Share of the variance explained; negative where the mean would do better. */
  R2("r2"),
  /** Mean absolute error. */
  MAE("mae"),
  /** Root of the mean squared error. */
  RMSE("rmse"),
  /** Pearson's correlation. */
  PEARSON("pearson"),
  /** Spearman's correlation, of the ranks of the cases as they are. */
  SPEARMAN("spearman");

  private final String key;

  RegressionMetric(String key) {
    this.key = key;
  }

  /** Name in tables. */
  public String key() {
    return key;
  }

  /** Whether the figure is an error. */
  public boolean lowerIsBetter() {
    return this == MAE || this == RMSE;
  }

  /**
   * The figure as a function of the cases' weights.
   *
   * @param truth true values
   * @param predicted predicted values
   */
  public ToDoubleFunction<double[]> of(double[] truth, double[] predicted) {
    if (this == SPEARMAN) {
      return PEARSON.of(RankTable.rankAscending(truth), RankTable.rankAscending(predicted));
    }
    return weights -> of(truth, predicted, weights);
  }

  private double of(double[] y, double[] x, double[] weights) {
    double total = 0;
    double meanY = 0;
    double meanX = 0;
    double absolute = 0;
    double squared = 0;
    for (int i = 0; i < y.length; i++) {
      total += weights[i];
      meanY += weights[i] * y[i];
      meanX += weights[i] * x[i];
      absolute += weights[i] * Math.abs(y[i] - x[i]);
      squared += weights[i] * (y[i] - x[i]) * (y[i] - x[i]);
    }
    meanY /= total;
    meanX /= total;
    double yy = 0;
    double xx = 0;
    double xy = 0;
    for (int i = 0; i < y.length; i++) {
      yy += weights[i] * (y[i] - meanY) * (y[i] - meanY);
      xx += weights[i] * (x[i] - meanX) * (x[i] - meanX);
      xy += weights[i] * (y[i] - meanY) * (x[i] - meanX);
    }
    return switch (this) {
      case R2 -> yy == 0 ? Double.NaN : 1 - squared / yy;
      case MAE -> absolute / total;
      case RMSE -> Math.sqrt(squared / total);
      case PEARSON, SPEARMAN -> xy / Math.sqrt(xx * yy);
    };
  }
}
