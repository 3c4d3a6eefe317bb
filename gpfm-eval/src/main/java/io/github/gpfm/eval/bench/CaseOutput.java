package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.ConfusionMatrix;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What was said of every case, as tables: {@code cases/TASK/ENCODER/seed-N[-METHOD].csv} with one
 * row a case and split, {@code …-confusion.csv} with the confusion matrix of each split, and {@code
 * splits/TASK/seed-N-SPLIT.csv}. Every figure can be computed from them again.
 */
final class CaseOutput {
  private CaseOutput() {}

  static void write(
      BenchConfig config, TaskDefinition task, EncoderSpec encoder, long seed, TaskResult result) {
    Path folder =
        config.output().resolve("cases").resolve(task.fileName()).resolve(encoder.fileName());
    Map<String, List<Predictions>> tables = new LinkedHashMap<>();
    for (Predictions p : result.predictions()) {
      String method = p.method().replaceAll("_$", "");
      // Figures of one method over other columns are a table of their own.
      String name = "seed-" + seed + (method.isEmpty() ? "" : "-" + method);
      String kind =
          switch (p.kind()) {
            case CREDITS -> method.isEmpty() ? "-means" : "";
            case RATIOS -> "-" + TaskDefinition.fileName(p.columns().get(0));
            default -> "";
          };
      tables.computeIfAbsent(name + kind, k -> new ArrayList<>()).add(p);
    }
    tables.forEach(
        (name, parts) -> {
          CsvText.write(folder.resolve(name + ".csv"), rows(parts));
          if (parts.get(0).kind() == PredictionKind.CLASSES) {
            CsvText.write(folder.resolve(name + "-confusion.csv"), confusions(parts));
          }
        });
    for (Split split : result.splits()) {
      CsvText.write(
          config
              .output()
              .resolve("splits")
              .resolve(task.fileName())
              .resolve(SlideHeads.headName(split.name(), seed) + ".csv"),
          lists(split));
    }
  }

  private static List<List<String>> rows(List<Predictions> parts) {
    Predictions first = parts.get(0);
    List<String> header = new ArrayList<>(List.of("split", "case", "patient"));
    header.addAll(
        switch (first.kind()) {
          case CLASSES -> List.of("label");
          case SURVIVAL -> List.of("time", "censored");
          case VALUES, LABELS -> first.columns().stream().map(c -> "true " + c).toList();
          case CLASS_CREDITS -> List.of("class");
          case CREDITS, TEXTS, RATIOS -> List.of();
        });
    int truths = header.size() - 3;
    first.columns().forEach(header::add);
    List<List<String>> rows = new ArrayList<>(List.of(header));
    for (Predictions p : parts) {
      for (int i = 0; i < p.cases().size(); i++) {
        List<String> row = new ArrayList<>(List.of(p.split(), p.cases().get(i), p.groups().get(i)));
        for (int k = 0; k < truths; k++) {
          double truth = p.truth()[i][k];
          row.add(
              p.kind() == PredictionKind.CLASSES
                  ? p.columns().get((int) truth)
                  : CsvText.number(truth));
        }
        for (double score : p.scores()[i]) {
          row.add(CsvText.number(score));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<List<String>> confusions(List<Predictions> parts) {
    List<String> header = new ArrayList<>(List.of("split", "label"));
    parts.get(0).columns().forEach(c -> header.add("called " + c));
    List<List<String>> rows = new ArrayList<>(List.of(header));
    for (Predictions p : parts) {
      int classes = p.columns().size();
      ConfusionMatrix matrix =
          ConfusionMatrix.of(p.labels(), ClassificationReport.argmax(p.scores()), classes);
      for (int t = 0; t < classes; t++) {
        int truth = t;
        List<String> row = new ArrayList<>(List.of(p.split(), p.columns().get(t)));
        IntStream.range(0, classes).forEach(c -> row.add(CsvText.number(matrix.count(truth, c))));
        rows.add(row);
      }
    }
    return rows;
  }

  private static List<List<String>> lists(Split split) {
    List<List<String>> rows = new ArrayList<>(List.of(List.of("train", "val", "test")));
    int longest =
        Math.max(split.train().size(), Math.max(split.validation().size(), split.test().size()));
    for (int i = 0; i < longest; i++) {
      rows.add(List.of(at(split.train(), i), at(split.validation(), i), at(split.test(), i)));
    }
    return rows;
  }

  private static String at(List<String> names, int i) {
    return i < names.size() ? names.get(i) : "";
  }
}
