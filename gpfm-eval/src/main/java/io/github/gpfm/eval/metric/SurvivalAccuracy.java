package io.github.gpfm.eval.metric;

import io.github.gpfm.eval.EvaluationException;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Figures of survival predictions that correct for censoring by inverse-probability weights: Uno's
 * C, the cumulative/dynamic AUC and the integrated Brier score, as functions of the cases' weights.
 * The censoring distribution is that of the training cases.
 *
 * @param times observed times of the reported cases
 * @param censored whether a case left without the event
 * @param censoring distribution of the training cases' censoring
 */
public record SurvivalAccuracy(
    double[] times, boolean[] censored, CensoringDistribution censoring) {
  private static final double TIE = 1e-8;

  /** Checks the lengths. */
  public SurvivalAccuracy {
    if (times.length != censored.length) {
      throw new EvaluationException(
          times.length + " times and " + censored.length + " censorships do not belong together");
    }
    times = times.clone();
    censored = censored.clone();
  }

  /**
   * Uno's C: pairs count with the squared inverse probability that the earlier case was uncensored.
   *
   * @param risks higher means earlier event
   * @param tau pairs whose earlier time is not below it do not count; infinity for all
   */
  public ToDoubleFunction<double[]> uno(double[] risks, double tau) {
    double[] factor = censoring.weights(times, censored);
    for (int i = 0; i < factor.length; i++) {
      factor[i] = times[i] < tau ? factor[i] * factor[i] : 0;
    }
    return new WeightedPairs(times, censored, risks, TIE, factor);
  }

  /**
   * Area under the curve at one time: cases with the event up to it against those observed beyond.
   *
   * @return NaN where one side has no weight
   */
  public ToDoubleFunction<double[]> auc(double[] risks, double time) {
    double[] factor = censoring.weights(times, censored);
    int[] cases =
        IntStream.range(0, times.length).filter(i -> !censored[i] && times[i] <= time).toArray();
    int[] controls = IntStream.range(0, times.length).filter(i -> times[i] > time).toArray();
    return weights -> {
      double credit = 0;
      double left = 0;
      double right = 0;
      for (int i : cases) {
        left += weights[i] * factor[i];
      }
      for (int j : controls) {
        right += weights[j];
      }
      for (int i : cases) {
        double won = 0;
        for (int j : controls) {
          won += risks[i] > risks[j] ? weights[j] : risks[i] == risks[j] ? weights[j] / 2 : 0;
        }
        credit += weights[i] * factor[i] * won;
      }
      return credit / (left * right);
    };
  }

  /**
   * Mean AUC over times, weighted with the drop of the reported cases' survival before each.
   *
   * @param grid ascending times
   */
  public double meanAuc(double[] risks, double[] grid) {
    double[] ones = new double[times.length];
    Arrays.fill(ones, 1);
    KaplanMeier curve = KaplanMeier.of(times, censored);
    double before = 1;
    double sum = 0;
    double single = Double.NaN;
    for (double time : grid) {
      single = auc(risks, time).applyAsDouble(ones);
      double survival = curve.at(time);
      sum += single * (before - survival);
      before = survival;
    }
    return grid.length == 1 ? single : sum / (1 - before);
  }

  /**
   * Brier score at one time.
   *
   * @param survival predicted probability of surviving beyond it, one a case
   */
  public ToDoubleFunction<double[]> brier(double[] survival, double time) {
    double atTime = censoring.at(time);
    double[] loss = new double[times.length];
    for (int i = 0; i < loss.length; i++) {
      double own = censoring.at(times[i]);
      if (times[i] > time) {
        loss[i] = atTime == 0 ? 0 : (1 - survival[i]) * (1 - survival[i]) / atTime;
      } else if (!censored[i]) {
        loss[i] = own == 0 ? 0 : survival[i] * survival[i] / own;
      }
    }
    return weights -> {
      double sum = 0;
      double total = 0;
      for (int i = 0; i < loss.length; i++) {
        sum += weights[i] * loss[i];
        total += weights[i];
      }
      return sum / total;
    };
  }

  /**
   * Brier score integrated over time by trapezia, divided by the span.
   *
   * @param survival predicted survival, cases x times
   * @param grid two or more ascending times
   */
  public ToDoubleFunction<double[]> integratedBrier(double[][] survival, double[] grid) {
    if (grid.length < 2) {
      throw new EvaluationException("the integrated Brier score needs two times or more");
    }
    var scores =
        IntStream.range(0, grid.length)
            .mapToObj(t -> brier(Arrays.stream(survival).mapToDouble(s -> s[t]).toArray(), grid[t]))
            .toList();
    return weights -> {
      double area = 0;
      double before = scores.get(0).applyAsDouble(weights);
      for (int t = 1; t < grid.length; t++) {
        double here = scores.get(t).applyAsDouble(weights);
        area += (here + before) / 2 * (grid[t] - grid[t - 1]);
        before = here;
      }
      return area / (grid[grid.length - 1] - grid[0]);
    };
  }
}
