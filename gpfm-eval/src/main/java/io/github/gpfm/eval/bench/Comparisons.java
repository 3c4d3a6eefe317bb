package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.metric.DeLongTest;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.metric.MultipleTests;
import io.github.gpfm.eval.metric.PairedBootstrap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Every two encoders on every task: the paired bootstrap of the main figure, DeLong's test where
 * there are two classes and one split, and both corrected for the pairs of the task by Holm.
 */
final class Comparisons {
  /**
   * Two encoders on a task.
   *
   * @param difference first minus second, of the main figure
   * @param p two-sided, paired bootstrap
   * @param holm the same, corrected for all pairs of the task
   * @param deLong two-sided p of DeLong's test; NaN where it does not apply
   * @param deLongHolm the same, corrected
   */
  record Pair(
      TaskDefinition task,
      EncoderSpec first,
      EncoderSpec second,
      Interval difference,
      double p,
      double holm,
      double deLong,
      double deLongHolm) {}

  private final List<Pair> pairs = new ArrayList<>();

  Comparisons(BenchReport report) {
    for (TaskDefinition task : report.config().tasks()) {
      List<Pair> ofTask = new ArrayList<>();
      List<EncoderSpec> encoders = report.config().encoders();
      for (int a = 0; a < encoders.size(); a++) {
        for (int b = a + 1; b < encoders.size(); b++) {
          compare(report, task, encoders.get(a), encoders.get(b)).ifPresent(ofTask::add);
        }
      }
      double[] holm = MultipleTests.holm(ofTask.stream().mapToDouble(Pair::p).toArray());
      double[] deLong = MultipleTests.holm(ofTask.stream().mapToDouble(Pair::deLong).toArray());
      for (int i = 0; i < holm.length; i++) {
        Pair p = ofTask.get(i);
        pairs.add(
            new Pair(p.task, p.first, p.second, p.difference, p.p, holm[i], p.deLong, deLong[i]));
      }
    }
  }

  private static java.util.Optional<Pair> compare(
      BenchReport report, TaskDefinition task, EncoderSpec first, EncoderSpec second) {
    Figure a = report.main(task, first).orElse(null);
    Figure b = report.main(task, second).orElse(null);
    if (a == null || b == null || a.replicates().length != b.replicates().length) {
      return java.util.Optional.empty();
    }
    PairedBootstrap bootstrap = paired(a, b);
    OptionalDouble deLong = deLong(report.results(task, first), report.results(task, second));
    return java.util.Optional.of(
        new Pair(
            task,
            first,
            second,
            bootstrap.difference(),
            bootstrap.p(),
            Double.NaN,
            deLong.orElse(Double.NaN),
            Double.NaN));
  }

  /**
   * By the percentiles of the figures' own intervals; those for fewer patients where they differ.
   */
  static PairedBootstrap paired(Figure a, Figure b) {
    int cases = Math.min(a.cases(), b.cases());
    return cases == 0
        ? PairedBootstrap.of(a.value(), b.value(), a.replicates(), b.replicates())
        : PairedBootstrap.expanded(a.value(), b.value(), a.replicates(), b.replicates(), cases);
  }

  private record Scored(boolean positive, double sum, int count) {}

  // Scores of another fold come from another head and cannot be pooled; those of seeds are
  // averaged.
  private static Map<String, Scored> scores(List<TaskResult> seeds) {
    Map<String, Scored> scores = new LinkedHashMap<>();
    for (TaskResult result : seeds) {
      List<Predictions> main =
          result.predictions().stream().filter(p -> p.method().isEmpty()).toList();
      if (main.size() != 1
          || main.get(0).kind() != PredictionKind.CLASSES
          || main.get(0).columns().size() != 2) {
        return Map.of();
      }
      Predictions p = main.get(0);
      for (int i = 0; i < p.cases().size(); i++) {
        scores.merge(
            p.cases().get(i),
            new Scored(p.truth()[i][0] == 1, p.scores()[i][1], 1),
            (x, y) -> new Scored(x.positive, x.sum + y.sum, x.count + y.count));
      }
    }
    return scores;
  }

  private static OptionalDouble deLong(List<TaskResult> first, List<TaskResult> second) {
    Map<String, Scored> a = scores(first);
    Map<String, Scored> b = scores(second);
    List<String> both = a.keySet().stream().filter(b::containsKey).toList();
    double[] x = new double[both.size()];
    double[] y = new double[both.size()];
    boolean[] positive = new boolean[both.size()];
    for (int i = 0; i < x.length; i++) {
      Scored one = a.getOrDefault(both.get(i), new Scored(false, 0, 1));
      Scored other = b.getOrDefault(both.get(i), one);
      x[i] = one.sum / one.count;
      y[i] = other.sum / other.count;
      positive[i] = one.positive;
    }
    try {
      return OptionalDouble.of(DeLongTest.of(x, y, positive).p());
    } catch (EvaluationException tooFew) {
      return OptionalDouble.empty();
    }
  }

  List<Pair> of(TaskDefinition task) {
    return pairs.stream().filter(p -> p.task.equals(task)).toList();
  }

  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "task",
            "figure",
            "first",
            "second",
            "difference",
            "lower",
            "upper",
            "p",
            "p_holm",
            "delong_p",
            "delong_p_holm"));
    for (Pair p : pairs) {
      rows.add(
          List.of(
              p.task.name(),
              p.task.metric(),
              p.first.name(),
              p.second.name(),
              CsvText.number(p.difference.value()),
              CsvText.number(p.difference.lower()),
              CsvText.number(p.difference.upper()),
              CsvText.number(p.p),
              CsvText.number(p.holm),
              CsvText.number(p.deLong),
              CsvText.number(p.deLongHolm)));
    }
    return rows;
  }
}
