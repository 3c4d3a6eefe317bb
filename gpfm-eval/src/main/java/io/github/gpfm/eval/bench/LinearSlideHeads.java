package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.linalg.Standardizer;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import io.github.gpfm.eval.probe.ClosedFormProbe;
import io.github.gpfm.eval.probe.LinearHead;
import io.github.gpfm.eval.probe.LogisticRegression;
import io.github.gpfm.eval.survival.BreslowBaseline;
import io.github.gpfm.eval.survival.CoxNet;
import io.github.gpfm.eval.survival.TimeBins;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Linear models on the mean of a slide's features, their penalty chosen on the validation cases:
 * logistic regression for classes and labels, ridge regression for numbers, Cox regression with an
 * elastic net for survival.
 */
final class LinearSlideHeads {
  private static final int PATH = 30;
  private static final double LAST_ALPHA = 0.01;

  private LinearSlideHeads() {}

  private static Matrix means(List<BagCase> cases) {
    return Matrix.ofRows(
        cases.stream().map(c -> LinearHead.mean(c.bag().get())).toArray(float[][]::new));
  }

  static LinearHead classes(List<BagCase> train, List<BagCase> validation, List<String> classes) {
    LogisticRegression model =
        logistic(
            labelled("train", train, means(train), classes),
            labelled("validation", validation, means(validation), classes));
    return LinearHead.of(model.weight(), model.bias(), classes, Map.of());
  }

  private static LogisticRegression logistic(LabelledFeatures train, LabelledFeatures validation) {
    return LogisticRegression.select(train, validation, LogisticRegression.usualStrengths());
  }

  private static LabelledFeatures labelled(
      String name, List<BagCase> cases, Matrix features, List<String> classes) {
    return new LabelledFeatures(
        name,
        cases.stream().map(BagCase::id).toList(),
        features,
        cases.stream().mapToInt(BagCase::label).toArray(),
        classes);
  }

  /** One logistic regression a label, of the cases that have it. */
  static LinearHead labels(List<BagCase> train, List<BagCase> validation, List<String> labels) {
    double[][] weight = new double[labels.size()][];
    double[] bias = new double[labels.size()];
    for (int k = 0; k < weight.length; k++) {
      List<BagCase> known = withLabel(train, k);
      List<BagCase> selecting = withLabel(validation, k);
      List<String> names = List.of("not " + labels.get(k), labels.get(k));
      LogisticRegression model =
          logistic(
              labelled(labels.get(k), known, means(known), names),
              labelled(labels.get(k), selecting, means(selecting), names));
      weight[k] = model.weight()[1];
      bias[k] = model.bias()[1];
    }
    return LinearHead.of(weight, bias, labels, unscaled(labels.size()));
  }

  /** Tells a head of targets from one of classes, as the networks' scales do. */
  private static Map<String, double[]> unscaled(int targets) {
    double[] ones = new double[targets];
    Arrays.fill(ones, 1);
    return Map.of("target_mean", new double[targets], "target_std", ones);
  }

  private static List<BagCase> withLabel(List<BagCase> cases, int label) {
    return cases.stream()
        .filter(c -> !Double.isNaN(c.targets()[label]))
        .map(c -> c.withLabel((int) c.targets()[label]))
        .toList();
  }

  /** Ridge regression of each number, of the cases that have it. */
  static LinearHead numbers(List<BagCase> train, List<BagCase> validation, List<String> targets) {
    double[][] weight = new double[targets.size()][];
    double[] bias = new double[targets.size()];
    for (int k = 0; k < weight.length; k++) {
      Ridge best = Ridge.select(known(train, k), known(validation, k), k, targets.get(k));
      weight[k] = best.weight;
      bias[k] = best.bias;
    }
    return LinearHead.of(weight, bias, targets, unscaled(targets.size()));
  }

  private static List<BagCase> known(List<BagCase> cases, int target) {
    return cases.stream().filter(c -> !Double.isNaN(c.targets()[target])).toList();
  }

  private record Ridge(double[] weight, double bias) {
    static Ridge select(List<BagCase> train, List<BagCase> validation, int target, String name) {
      if (train.size() < 2 || validation.isEmpty()) {
        throw new EvaluationException(
            "target '%s' is known of %d training and %d validation cases"
                .formatted(name, train.size(), validation.size()));
      }
      Matrix x = means(train);
      Matrix asked = means(validation);
      double[][] y = column(train, target);
      double[][] truth = column(validation, target);
      Ridge best = null;
      double least = Double.POSITIVE_INFINITY;
      for (int e = 6; e >= -3; e--) {
        Ridge model = fit(x, y, Math.pow(10, e));
        double error = 0;
        for (int i = 0; i < truth.length; i++) {
          double d = model.of(asked.row(i)) - truth[i][0];
          error += d * d;
        }
        if (best == null || error < least) {
          best = model;
          least = error;
        }
      }
      return Objects.requireNonNull(best);
    }

    // The probe standardizes; its answers at zero and at unit steps give the weights on raw
    // features.
    private static Ridge fit(Matrix x, double[][] y, double penalty) {
      ClosedFormProbe probe = ClosedFormProbe.ridge(x, y, penalty);
      int d = x.columns();
      Matrix steps = Matrix.zeros(d + 1, d);
      for (int j = 0; j < d; j++) {
        steps.set(j + 1, j, 1);
      }
      double[][] answers = probe.scores(steps);
      double bias = answers[0][0];
      double[] weight = IntStream.range(0, d).mapToDouble(j -> answers[j + 1][0] - bias).toArray();
      return new Ridge(weight, bias);
    }

    private static double[][] column(List<BagCase> cases, int target) {
      return cases.stream().map(c -> new double[] {c.targets()[target]}).toArray(double[][]::new);
    }

    double of(float[] x) {
      double sum = bias;
      for (int j = 0; j < x.length; j++) {
        sum += weight[j] * x[j];
      }
      return sum;
    }
  }

  /** Cox regression on standardized features; the penalty with the highest validation C-index. */
  static LinearHead survival(
      List<BagCase> train, List<BagCase> validation, double l1, int bins, List<String> notes) {
    Matrix raw = means(train);
    Standardizer scale = Standardizer.of(raw);
    Matrix x = scale.apply(raw);
    Matrix asked = scale.apply(means(validation));
    double[] times = BagCase.times(train);
    boolean[] censored = BagCase.censored(train);
    double[] alphas = CoxNet.alphas(x, times, censored, l1, PATH, LAST_ALPHA);
    CoxNet best = null;
    double highest = Double.NEGATIVE_INFINITY;
    // The first leaves no coefficient and ranks nobody.
    CoxNet[] path = CoxNet.path(x, times, censored, l1, alphas);
    for (CoxNet model : Arrays.copyOfRange(path, 1, path.length)) {
      double c =
          ConcordanceIndex.of(
                  BagCase.times(validation), BagCase.censored(validation), model.risks(asked))
              .value();
      if (best == null || c > highest) {
        best = model;
        highest = Double.isNaN(c) ? Double.NEGATIVE_INFINITY : c;
      }
    }
    CoxNet chosen = Objects.requireNonNull(best);
    if (highest == Double.NEGATIVE_INFINITY) {
      notes.add("the validation cases have no comparable pair; the strongest penalty was taken");
    }
    return head(chosen, scale, x, train, bins);
  }

  private static LinearHead head(
      CoxNet model, Standardizer scale, Matrix x, List<BagCase> train, int bins) {
    double[] weight = new double[model.coefficients().length];
    double bias = 0;
    for (int j = 0; j < weight.length; j++) {
      if (scale.std()[j] > 0) {
        weight[j] = model.coefficients()[j] / scale.std()[j];
        bias -= weight[j] * scale.mean()[j];
      }
    }
    double[] times = BagCase.times(train);
    boolean[] censored = BagCase.censored(train);
    TimeBins edges = TimeBins.of(times, censored, bins);
    double[] at = Arrays.copyOfRange(edges.edges(), 1, bins);
    BreslowBaseline baseline = BreslowBaseline.of(times, censored, model.risks(x));
    double[] hazard = Arrays.stream(at).map(baseline::at).toArray();
    return LinearHead.of(
        new double[][] {weight},
        new double[] {bias},
        List.of(),
        Map.of("times", at, "baseline", hazard, "alpha", new double[] {model.alpha()}));
  }
}
