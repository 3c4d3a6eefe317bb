package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.metric.AveragePrecision;
import io.github.gpfm.eval.metric.CensoringDistribution;
import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.ConcordanceIndex;
import io.github.gpfm.eval.metric.RegressionMetric;
import io.github.gpfm.eval.metric.RocAuc;
import io.github.gpfm.eval.metric.SurvivalAccuracy;
import io.github.gpfm.eval.text.Bleu;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The figures of predictions, each as a function of the cases' weights. */
final class PredictionFigures {
  private static final String SURVIVAL_COLUMN = "S@";

  private PredictionFigures() {}

  /** Figures by name; the functions take one weight a case. */
  static Map<String, ToDoubleFunction<double[]>> of(Predictions p, Protocol protocol) {
    return switch (p.kind()) {
      case CLASSES -> classes(p, protocol == Protocol.OFFICIAL);
      case SURVIVAL -> survival(p);
      case VALUES -> values(p);
      case LABELS -> labels(p);
      case CREDITS, CLASS_CREDITS -> credits(p);
      case TEXTS -> texts(p);
      case RATIOS -> ratios(p);
    };
  }

  private static Map<String, ToDoubleFunction<double[]>> classes(Predictions p, boolean official) {
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    for (ClassificationMetric metric : ClassificationMetric.values()) {
      figures.put(p.method() + metric.key(), metric.of(p.scores(), p.labels(), official));
    }
    return figures;
  }

  private static Map<String, ToDoubleFunction<double[]>> survival(Predictions p) {
    double[] times = p.truthColumn(0);
    boolean[] censored = p.censored();
    double[] risks = p.column(0);
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    figures.put(p.method() + "c_index", ConcordanceIndex.weighted(times, censored, risks));
    if (p.reference().length == 0) {
      return figures;
    }
    double[] known = Arrays.stream(p.reference()).mapToDouble(r -> r[0]).toArray();
    boolean[] left = Predictions.flags(p.reference());
    SurvivalAccuracy accuracy =
        new SurvivalAccuracy(times, censored, CensoringDistribution.of(known, left));
    // Beyond the training cases' last time nothing is known of censoring.
    double last = Arrays.stream(known).max().orElse(Double.POSITIVE_INFINITY);
    figures.put(p.method() + "uno_c", accuracy.uno(risks, Math.nextUp(last)));
    double[] grid = grid(known, left, times);
    List<ToDoubleFunction<double[]>> curves =
        Arrays.stream(grid).mapToObj(t -> accuracy.auc(risks, t)).toList();
    figures.put(
        p.method() + "td_auc",
        weights ->
            curves.stream()
                .mapToDouble(c -> c.applyAsDouble(weights))
                .filter(v -> !Double.isNaN(v))
                .average()
                .orElse(Double.NaN));
    double[] at = survivalTimes(p);
    int[] usable = IntStream.range(0, at.length).filter(k -> at[k] < last).toArray();
    if (usable.length >= 2) {
      double[][] survival =
          Arrays.stream(p.scores())
              .map(row -> IntStream.of(usable).mapToDouble(k -> row[k + 1]).toArray())
              .toArray(double[][]::new);
      figures.put(
          p.method() + "ibs",
          accuracy.integratedBrier(
              survival, IntStream.of(usable).mapToDouble(k -> at[k]).toArray()));
    }
    return figures;
  }

  /** The quartiles of the training cases' event times that some reported case outlives. */
  private static double[] grid(double[] known, boolean[] left, double[] times) {
    double[] events =
        IntStream.range(0, known.length)
            .filter(i -> !left[i])
            .mapToDouble(i -> known[i])
            .sorted()
            .toArray();
    if (events.length == 0) {
      return new double[0];
    }
    double longest = Arrays.stream(times).max().orElse(0);
    return IntStream.rangeClosed(1, 3)
        .mapToDouble(q -> io.github.gpfm.eval.metric.Interval.quantile(events, q / 4.0))
        .filter(t -> t < longest)
        .distinct()
        .toArray();
  }

  /** Name of the column with the survival at a time. */
  static String survivalColumn(double time) {
    return SURVIVAL_COLUMN + time;
  }

  private static double[] survivalTimes(Predictions p) {
    return p.columns().stream()
        .filter(c -> c.startsWith(SURVIVAL_COLUMN))
        .mapToDouble(c -> Double.parseDouble(c.substring(SURVIVAL_COLUMN.length())))
        .toArray();
  }

  private static Map<String, ToDoubleFunction<double[]>> values(Predictions p) {
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    for (RegressionMetric metric : RegressionMetric.values()) {
      List<ToDoubleFunction<double[]>> targets = new ArrayList<>();
      for (int c = 0; c < p.columns().size(); c++) {
        Known known = Known.of(p, c);
        ToDoubleFunction<double[]> one = metric.of(known.truth(p, c), known.scores(p, c));
        targets.add(weights -> one.applyAsDouble(known.select(weights)));
      }
      addTargets(figures, p, metric.key(), targets);
    }
    return figures;
  }

  private static Map<String, ToDoubleFunction<double[]>> labels(Predictions p) {
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    List<ToDoubleFunction<double[]>> auc = new ArrayList<>();
    List<ToDoubleFunction<double[]>> precision = new ArrayList<>();
    for (int c = 0; c < p.columns().size(); c++) {
      Known known = Known.of(p, c);
      double[] truth = known.truth(p, c);
      boolean[] positive = new boolean[truth.length];
      for (int i = 0; i < positive.length; i++) {
        positive[i] = truth[i] == 1;
      }
      RocAuc curve = new RocAuc(known.scores(p, c), positive);
      AveragePrecision area = new AveragePrecision(known.scores(p, c), positive);
      auc.add(weights -> curve.value(known.select(weights)));
      precision.add(weights -> area.applyAsDouble(known.select(weights)));
    }
    addTargets(figures, p, "auc", auc);
    addTargets(figures, p, "auprc", precision);
    return figures;
  }

  // The mean over the targets under the plain name, each target's own behind it.
  private static void addTargets(
      Map<String, ToDoubleFunction<double[]>> figures,
      Predictions p,
      String name,
      List<ToDoubleFunction<double[]>> targets) {
    figures.put(
        p.method() + name,
        weights ->
            targets.stream()
                .mapToDouble(t -> t.applyAsDouble(weights))
                .filter(v -> !Double.isNaN(v))
                .average()
                .orElse(Double.NaN));
    if (targets.size() > 1) {
      for (int c = 0; c < targets.size(); c++) {
        figures.put(p.method() + name + "[" + p.columns().get(c) + "]", targets.get(c));
      }
    }
  }

  /** The cases whose target is known. */
  private record Known(int[] rows) {
    static Known of(Predictions p, int column) {
      return new Known(
          IntStream.range(0, p.truth().length)
              .filter(i -> !Double.isNaN(p.truth()[i][column]))
              .toArray());
    }

    double[] truth(Predictions p, int column) {
      return IntStream.of(rows).mapToDouble(i -> p.truth()[i][column]).toArray();
    }

    double[] scores(Predictions p, int column) {
      return IntStream.of(rows).mapToDouble(i -> p.scores()[i][column]).toArray();
    }

    double[] select(double[] weights) {
      return IntStream.of(rows).mapToDouble(i -> weights[i]).toArray();
    }
  }

  private static Map<String, ToDoubleFunction<double[]>> credits(Predictions p) {
    boolean byClass = p.kind() == PredictionKind.CLASS_CREDITS;
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    for (int c = 0; c < p.columns().size(); c++) {
      double[] credit = p.column(c);
      figures.put(
          p.method() + p.columns().get(c),
          weights -> {
            Map<Double, double[]> sums = new TreeMap<>();
            for (int i = 0; i < credit.length; i++) {
              if (!Double.isNaN(credit[i])) {
                double[] sum =
                    sums.computeIfAbsent(byClass ? p.truth()[i][0] : 0.0, k -> new double[2]);
                sum[0] += weights[i] * credit[i];
                sum[1] += weights[i];
              }
            }
            return sums.values().stream()
                .filter(s -> s[1] > 0)
                .mapToDouble(s -> s[0] / s[1])
                .average()
                .orElse(Double.NaN);
          });
    }
    return figures;
  }

  /** BLEU from pooled counts; the columns behind them are means over the texts. */
  private static Map<String, ToDoubleFunction<double[]>> texts(Predictions p) {
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    for (int n = 0; n < Bleu.MAX_ORDER; n++) {
      int order = n;
      figures.put(
          p.method() + "bleu_" + (n + 1),
          weights -> {
            double[] sums = new double[Bleu.COUNTS];
            for (int i = 0; i < weights.length; i++) {
              for (int k = 0; k < sums.length; k++) {
                sums[k] += weights[i] * p.scores()[i][k];
              }
            }
            return Bleu.ofCounts(sums)[order];
          });
    }
    for (int c = Bleu.COUNTS; c < p.columns().size(); c++) {
      double[] values = p.column(c);
      figures.put(
          p.method() + p.columns().get(c),
          weights -> {
            double sum = 0;
            double total = 0;
            for (int i = 0; i < values.length; i++) {
              sum += weights[i] * values[i];
              total += weights[i];
            }
            return sum / total;
          });
    }
    return figures;
  }

  private static Map<String, ToDoubleFunction<double[]>> ratios(Predictions p) {
    Map<String, ToDoubleFunction<double[]>> figures = new LinkedHashMap<>();
    for (int c = 0; c < p.columns().size(); c += 2) {
      double[] hits = p.column(c);
      double[] trials = p.column(c + 1);
      figures.put(
          p.method() + p.columns().get(c),
          weights -> {
            double sum = 0;
            double total = 0;
            for (int i = 0; i < hits.length; i++) {
              sum += weights[i] * hits[i];
              total += weights[i] * trials[i];
            }
            return sum / total;
          });
    }
    return figures;
  }
}
