package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.internal.Svg;
import io.github.gpfm.eval.metric.Calibration;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.eval.survival.SurvivalPlot;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The figures of a report as SVG, and the points they are drawn from: ROC, precision–recall and
 * calibration curves of classifications, survival curves, mean ranks. Curves pool the cases of all
 * splits and seeds; with more than two classes also all classes, each against the rest.
 */
final class ReportFigures {
  /**
   * A figure.
   *
   * @param task what it shows; empty for the whole benchmark
   * @param file name without ending
   * @param svg drawing
   */
  record Drawn(String task, String file, String svg) {}

  private final List<Drawn> all = new ArrayList<>();
  private final List<List<String>> curves = new ArrayList<>();

  ReportFigures(BenchReport report) {
    curves.add(List.of("task", "encoder", "curve", "x", "y"));
    for (TaskDefinition task : report.config().tasks()) {
      classification(report, task);
      survival(report, task);
    }
    report.ranks().ifPresent(ranks -> all.add(new Drawn("", "mean-ranks", bars(ranks))));
  }

  List<Drawn> all() {
    return all;
  }

  List<Drawn> of(TaskDefinition task) {
    return all.stream().filter(d -> d.task.equals(task.name())).toList();
  }

  List<List<String>> curves() {
    return curves;
  }

  private void classification(BenchReport report, TaskDefinition task) {
    List<CurvePlot.Curve> roc = new ArrayList<>();
    List<CurvePlot.Curve> precision = new ArrayList<>();
    List<CurvePlot.Curve> calibration = new ArrayList<>();
    List<EncoderSpec> encoders = report.config().encoders();
    for (int e = 0; e < encoders.size(); e++) {
      String name = encoders.get(e).name();
      List<Predictions> parts =
          report.results(task, encoders.get(e)).stream()
              .flatMap(r -> r.predictions().stream())
              .filter(p -> p.kind() == PredictionKind.CLASSES && p.method().isEmpty())
              .toList();
      if (parts.isEmpty()) {
        continue;
      }
      List<double[]> scored = scored(parts);
      roc.add(keep(task, name, "roc", e, roc(scored, false)));
      precision.add(keep(task, name, "precision-recall", e, roc(scored, true)));
      if (parts.stream().allMatch(p -> Calibration.areProbabilities(p.scores()))) {
        calibration.add(keep(task, name, "calibration", e, calibration(parts)));
      }
    }
    if (roc.isEmpty()) {
      return;
    }
    String file = task.fileName();
    all.add(
        new Drawn(
            task.name(),
            file + "-roc",
            CurvePlot.svg("ROC", "false positive rate", "true positive rate", true, false, roc)));
    all.add(
        new Drawn(
            task.name(),
            file + "-precision-recall",
            CurvePlot.svg("precision–recall", "recall", "precision", false, false, precision)));
    if (!calibration.isEmpty()) {
      all.add(
          new Drawn(
              task.name(),
              file + "-calibration",
              CurvePlot.svg("calibration", "confidence", "accuracy", true, true, calibration)));
    }
  }

  private CurvePlot.Curve keep(
      TaskDefinition task, String encoder, String curve, int index, List<double[]> points) {
    points.forEach(
        p ->
            curves.add(
                List.of(task.name(), encoder, curve, CsvText.number(p[0]), CsvText.number(p[1]))));
    return new CurvePlot.Curve(index, encoder, points);
  }

  /** Score and truth of every (case, class); of two classes only the second. */
  private static List<double[]> scored(List<Predictions> parts) {
    List<double[]> scored = new ArrayList<>();
    for (Predictions p : parts) {
      int[] labels = p.labels();
      for (int i = 0; i < labels.length; i++) {
        for (int c = p.columns().size() == 2 ? 1 : 0; c < p.columns().size(); c++) {
          scored.add(new double[] {p.scores()[i][c], labels[i] == c ? 1 : 0});
        }
      }
    }
    scored.sort(Comparator.comparingDouble(s -> -s[0]));
    return scored;
  }

  // One point after each group of tied scores.
  private static List<double[]> roc(List<double[]> scored, boolean precision) {
    double positives = scored.stream().mapToDouble(s -> s[1]).sum();
    double negatives = scored.size() - positives;
    List<double[]> points = new ArrayList<>();
    double hits = 0;
    double alarms = 0;
    if (!precision) {
      points.add(new double[] {0, 0});
    }
    for (int i = 0; i < scored.size(); i++) {
      hits += scored.get(i)[1];
      alarms += 1 - scored.get(i)[1];
      boolean end = i + 1 == scored.size() || scored.get(i + 1)[0] != scored.get(i)[0];
      if (end && positives > 0 && negatives > 0) {
        points.add(
            precision
                ? new double[] {hits / positives, hits / (hits + alarms)}
                : new double[] {alarms / negatives, hits / positives});
      }
    }
    return points;
  }

  private static List<double[]> calibration(List<Predictions> parts) {
    double[][] scores =
        parts.stream().flatMap(p -> Arrays.stream(p.scores())).toArray(double[][]::new);
    int[] labels = parts.stream().flatMapToInt(p -> IntStream.of(p.labels())).toArray();
    double[] ones = new double[labels.length];
    Arrays.fill(ones, 1);
    return Calibration.bins(scores, labels, ones).stream()
        .map(b -> new double[] {b.confidence(), b.accuracy()})
        .toList();
  }

  private void survival(BenchReport report, TaskDefinition task) {
    if (task.type() != TaskType.SURVIVAL) {
      return;
    }
    String unit = task.settings().text("time-unit").orElse("months");
    for (EncoderSpec encoder : report.config().encoders()) {
      Figure c = report.figures(task, encoder).get("c_index");
      PooledRisks.groups(report.results(task, encoder))
          .ifPresent(
              groups ->
                  all.add(
                      new Drawn(
                          task.name(),
                          task.fileName() + "-" + encoder.fileName() + "-survival",
                          new SurvivalPlot(
                                  "%s, %s: C = %s".formatted(task.name(), encoder.name(), c),
                                  groups,
                                  unit)
                              .svg())));
    }
  }

  private static String bars(RankTable ranks) {
    int[] order = ranks.order();
    Svg svg = new Svg(720, 12 + 26 * order.length, "mean ranks");
    for (int i = 0; i < order.length; i++) {
      double mean = ranks.meanRanks()[order[i]];
      double y = 6 + 26.0 * i;
      double width = 430 * mean / order.length;
      svg.text(176, y + 15, 13, "end", "#1f2933", ranks.encoders().get(order[i]));
      svg.rectangle(184, y, width, 19, "#4C78A8");
      svg.text(
          190 + width, y + 15, 13, "start", "#1f2933", String.format(Locale.ROOT, "%.2f", mean));
    }
    return svg.toString();
  }
}
