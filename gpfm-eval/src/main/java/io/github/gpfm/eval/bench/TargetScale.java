package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Mean and spread of each number to predict, of the training cases: a head learns (value − mean) /
 * std.
 */
record TargetScale(double[] mean, double[] std) {
  static TargetScale none(int targets) {
    double[] ones = new double[targets];
    Arrays.fill(ones, 1);
    return new TargetScale(new double[targets], ones);
  }

  static TargetScale of(List<BagCase> train, List<String> names) {
    double[] mean = new double[names.size()];
    double[] std = new double[names.size()];
    for (int k = 0; k < mean.length; k++) {
      int target = k;
      double[] values =
          train.stream()
              .mapToDouble(c -> c.targets()[target])
              .filter(v -> !Double.isNaN(v))
              .toArray();
      if (values.length < 2) {
        throw new EvaluationException(
            "target '" + names.get(k) + "' is known of fewer than two training cases");
      }
      double m = Arrays.stream(values).average().orElse(0);
      double squares = Arrays.stream(values).map(v -> (v - m) * (v - m)).sum();
      mean[k] = m;
      std[k] = squares == 0 ? 1 : Math.sqrt(squares / (values.length - 1));
    }
    return new TargetScale(mean, std);
  }

  /** Labels that do not exclude each other are 0, 1 or open. */
  static void checkLabels(Collection<BagCase> cases, List<String> names) {
    for (BagCase one : cases) {
      for (int k = 0; k < names.size(); k++) {
        double value = one.targets()[k];
        if (!Double.isNaN(value) && value != 0 && value != 1) {
          throw new EvaluationException(
              "'%s' has %s for label '%s'; a label is 0, 1 or blank"
                  .formatted(one.id(), value, names.get(k)));
        }
      }
    }
  }

  List<BagCase> applied(List<BagCase> cases) {
    return cases.stream()
        .map(
            c ->
                c.withTargets(
                    IntStream.range(0, mean.length)
                        .mapToDouble(k -> (c.targets()[k] - mean[k]) / std[k])
                        .toArray()))
        .toList();
  }

  private static double[] orElse(double[] found, double[] otherwise) {
    return found.length == 0 ? otherwise : found;
  }

  /** What a head says of cases: numbers in their own unit, or one probability a label. */
  static Predictions predictions(
      FrozenHead trained,
      String split,
      String method,
      boolean numbers,
      List<BagCase> test,
      SlideCohort cohort) {
    TargetScale none = none(trained.outputs());
    double[] mean = orElse(trained.fact("target_mean"), none.mean);
    double[] std = orElse(trained.fact("target_std"), none.std);
    double[][] scores =
        test.stream()
            .map(
                c -> {
                  double[] z = trained.output(c.bag().get());
                  return IntStream.range(0, z.length)
                      .mapToDouble(
                          k -> numbers ? mean[k] + std[k] * z[k] : 1 / (1 + Math.exp(-z[k])))
                      .toArray();
                })
            .toArray(double[][]::new);
    List<String> names = test.stream().map(BagCase::id).toList();
    return new Predictions(
        split,
        method,
        numbers ? PredictionKind.VALUES : PredictionKind.LABELS,
        names,
        SlideHeads.groups(cohort, names),
        trained.outputNames(),
        test.stream().map(BagCase::targets).toArray(double[][]::new),
        scores,
        new double[0][]);
  }
}
