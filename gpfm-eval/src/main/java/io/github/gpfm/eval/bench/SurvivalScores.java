package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.mil.TrainedMil;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What a survival head says of cases: a risk, and survival at the times it knows. */
final class SurvivalScores {
  private SurvivalScores() {}

  /**
   * @param train cases whose times tell how cases are censored; empty if they are not known
   */
  static Predictions of(
      FrozenHead trained,
      String split,
      String method,
      List<BagCase> test,
      SlideCohort cohort,
      List<BagCase> train) {
    double[] times = trained.fact("times");
    double[] baseline = trained.fact("baseline");
    List<String> columns = new ArrayList<>(List.of("risk"));
    Arrays.stream(times).mapToObj(PredictionFigures::survivalColumn).forEach(columns::add);
    double[][] scores =
        test.stream()
            .map(c -> scores(trained.output(c.bag().get()), times, baseline))
            .toArray(double[][]::new);
    List<String> names = test.stream().map(BagCase::id).toList();
    return new Predictions(
        split,
        method,
        PredictionKind.SURVIVAL,
        names,
        SlideHeads.groups(cohort, names),
        columns,
        outcomes(test),
        scores,
        outcomes(train));
  }

  /** Risk, then survival at each time. */
  static double[] scores(double[] logits, double[] times, double[] baseline) {
    double[] row = new double[times.length + 1];
    row[0] = TrainedMil.riskOf(logits);
    double survival = 1;
    for (int k = 0; k < times.length; k++) {
      if (logits.length == 1) {
        row[k + 1] = baseline.length == 0 ? Double.NaN : Math.exp(-baseline[k] * Math.exp(row[0]));
      } else {
        survival *= 1 - 1 / (1 + Math.exp(-logits[k]));
        row[k + 1] = survival;
      }
    }
    return row;
  }

  private static double[][] outcomes(List<BagCase> cases) {
    return cases.stream()
        .map(c -> new double[] {c.time(), c.censored() ? 1 : 0})
        .toArray(double[][]::new);
  }
}
