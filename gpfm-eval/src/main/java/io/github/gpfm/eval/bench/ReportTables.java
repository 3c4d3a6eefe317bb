package io.github.gpfm.eval.bench;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.support.Printable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables of a report as Markdown, CSV, LaTeX and JSON. */
final class ReportTables {
  private final BenchReport report;

  ReportTables(BenchReport report) {
    this.report = report;
  }

  String markdown() {
    List<EncoderSpec> encoders = report.config().encoders();
    StringBuilder text = new StringBuilder("| task | n | figure |");
    encoders.forEach(e -> text.append(' ').append(cell(e.name())).append(" |"));
    text.append("\n|---|---|---|").append("---|".repeat(encoders.size())).append('\n');
    for (TaskDefinition task : report.config().tasks()) {
      for (String figure : headline(task)) {
        if (encoders.stream().noneMatch(e -> report.figures(task, e).containsKey(figure))
            && !figure.equals(task.metric())) {
          continue;
        }
        text.append("| ").append(cell(task.name())).append(" | ").append(counts(task));
        text.append(" | ").append(figure).append(" |");
        for (EncoderSpec encoder : encoders) {
          Figure value = report.figures(task, encoder).get(figure);
          text.append(' ').append(value == null ? "–" : value.toString()).append(" |");
        }
        text.append('\n');
      }
    }
    report
        .ranks()
        .ifPresent(
            ranks -> {
              text.append("| **mean rank** | | ").append(ranks.tasks().size()).append(" tasks |");
              for (EncoderSpec encoder : encoders) {
                int at = ranks.encoders().indexOf(encoder.name());
                text.append(
                    at < 0 ? " – |" : String.format(Locale.ROOT, " %.2f |", ranks.meanRanks()[at]));
              }
              text.append('\n');
            });
    return text.toString();
  }

  /** A name that stays within its cell and its line. */
  private static String cell(String name) {
    return Printable.of(name).replace("|", "\\|");
  }

  /** Reported cases of a task: one number if all encoders have the same, otherwise the range. */
  String counts(TaskDefinition task) {
    int[] counts =
        report.config().encoders().stream()
            .mapToInt(e -> report.reported(task, e))
            .filter(n -> n > 0)
            .distinct()
            .sorted()
            .toArray();
    return counts.length == 0
        ? "–"
        : counts.length == 1
            ? Integer.toString(counts[0])
            : counts[0] + "–" + counts[counts.length - 1];
  }

  /** The figure ranked by first, then the family's other usual ones. */
  static Set<String> headline(TaskDefinition task) {
    List<String> usual =
        switch (task.type()) {
          case ROI_CLASSIFICATION ->
              List.of(
                  "auc",
                  "balanced_accuracy",
                  "f1_weighted",
                  "linear_balanced_accuracy",
                  "knn1_accuracy",
                  "knn20_accuracy",
                  "simpleshot_balanced_accuracy");
          case ROI_RETRIEVAL ->
              List.of(
                  "class_score_acc@1",
                  "class_score_acc@3",
                  "any_of_acc@1",
                  "any_of_acc@3",
                  "any_of_acc@5",
                  "map@5");
          case ROI_ROBUSTNESS ->
              List.of(
                  "robustness_index",
                  "robustness_index_standardize",
                  "robustness_index_combat",
                  "clustering_score",
                  "performance_drop",
                  "hed_robustness_index",
                  "reinhard_robustness_index",
                  "jpeg_robustness_index",
                  "blur_robustness_index",
                  "resolution_robustness_index");
          case WSI_CLASSIFICATION ->
              List.of("auc", "balanced_accuracy", "f1_macro", "accuracy", "kappa", "auprc");
          case WSI_REGRESSION -> List.of("pearson", "spearman", "r2", "mae");
          case WSI_MULTILABEL -> List.of("auc", "auprc");
          case SURVIVAL -> List.of("c_index", "uno_c", "td_auc", "ibs", "log_rank_p");
          case VQA -> List.of("accuracy", "closed_accuracy", "open_accuracy");
          case REPORT_GENERATION ->
              List.of("bleu_1", "bleu_2", "bleu_3", "bleu_4", "meteor", "rouge_l", "cider");
        };
    Set<String> all = new LinkedHashSet<>();
    all.add(task.metric());
    all.addAll(usual);
    return all;
  }

  String csv() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "task",
            "type",
            "encoder",
            "figure",
            "value",
            "mean",
            "std",
            "lower",
            "upper",
            "replicates",
            "seeds",
            "seed_std",
            "cases"));
    for (TaskDefinition task : report.config().tasks()) {
      for (EncoderSpec encoder : report.config().encoders()) {
        String cases = Integer.toString(report.reported(task, encoder));
        report
            .figures(task, encoder)
            .forEach(
                (name, f) -> {
                  Interval i = f.interval();
                  List<String> row =
                      new ArrayList<>(
                          List.of(task.name(), task.type().key(), encoder.name(), name));
                  for (double v :
                      new double[] {i.value(), i.mean(), i.std(), i.lower(), i.upper()}) {
                    row.add(String.format(Locale.ROOT, "%.6f", v));
                  }
                  row.add(Integer.toString(i.replicates()));
                  row.add(Integer.toString(f.perSeed().length));
                  row.add(String.format(Locale.ROOT, "%.6f", f.seedStd()));
                  row.add(cases);
                  rows.add(row);
                });
      }
    }
    return CsvText.text(rows);
  }

  /** Every figure with its interval and the figure of each seed. */
  String json() {
    JsonObject root = new JsonObject();
    root.addProperty("protocol", report.config().protocol().key());
    root.addProperty("replicates", report.config().replicates());
    JsonArray seeds = new JsonArray();
    report.config().seeds().forEach(seeds::add);
    root.add("seeds", seeds);
    JsonArray figures = new JsonArray();
    for (TaskDefinition task : report.config().tasks()) {
      for (EncoderSpec encoder : report.config().encoders()) {
        report
            .figures(task, encoder)
            .forEach((name, f) -> figures.add(json(task, encoder, name, f)));
      }
    }
    root.add("figures", figures);
    JsonArray notes = new JsonArray();
    report.notes().forEach(notes::add);
    root.add("left_out", notes);
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(root);
  }

  private static JsonObject json(
      TaskDefinition task, EncoderSpec encoder, String name, Figure figure) {
    JsonObject one = new JsonObject();
    one.addProperty("task", task.name());
    one.addProperty("encoder", encoder.name());
    one.addProperty("figure", name);
    add(one, "value", figure.value());
    add(one, "lower", figure.interval().lower());
    add(one, "upper", figure.interval().upper());
    add(one, "std", figure.interval().std());
    JsonArray perSeed = new JsonArray();
    Arrays.stream(figure.perSeed()).filter(Double::isFinite).forEach(perSeed::add);
    one.add("per_seed", perSeed);
    return one;
  }

  // JSON has no NaN.
  private static void add(JsonObject object, String name, double value) {
    if (Double.isFinite(value)) {
      object.addProperty(name, value);
    }
  }

  /** The main figures; the best of each task in bold. */
  String latex() {
    List<EncoderSpec> encoders = report.config().encoders();
    StringBuilder text = new StringBuilder();
    text.append("% needs \\usepackage{booktabs}; with many encoders put it into a sidewaystable\n");
    text.append("\\begin{tabular}{llr")
        .append("c".repeat(encoders.size()))
        .append("}\n\\toprule\n");
    text.append("Task & Figure & $n$");
    encoders.forEach(e -> text.append(" & ").append(escaped(e.name())));
    text.append(" \\\\\n\\midrule\n");
    for (TaskDefinition task : report.config().tasks()) {
      text.append(escaped(task.name())).append(" & ").append(escaped(task.metric()));
      text.append(" & ").append(counts(task).replace("–", "--"));
      double best =
          encoders.stream()
              .mapToDouble(e -> report.score(task, e))
              .filter(v -> !Double.isNaN(v))
              .max()
              .orElse(Double.NaN);
      for (EncoderSpec encoder : encoders) {
        String cell =
            report.main(task, encoder).map(f -> f.toString().replace("–", "--")).orElse("--");
        boolean first = report.score(task, encoder) == best;
        text.append(" & ").append(first ? "\\textbf{" + cell + "}" : cell);
      }
      text.append(" \\\\\n");
    }
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  String ranksCsv(RankTable ranks) {
    List<List<String>> rows = new ArrayList<>();
    List<String> header = new ArrayList<>(List.of("task"));
    header.addAll(ranks.encoders());
    rows.add(header);
    for (int t = 0; t < ranks.tasks().size(); t++) {
      rows.add(row(ranks.tasks().get(t), ranks.ranks()[t]));
    }
    rows.add(row("mean", ranks.meanRanks()));
    rows.add(row("wins", IntStream.of(ranks.wins()).asDoubleStream().toArray()));
    return CsvText.text(rows);
  }

  private static List<String> row(String name, double[] values) {
    List<String> row = new ArrayList<>(List.of(name));
    Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.4g", v)).forEach(row::add);
    return row;
  }

  String ranksLatex(RankTable ranks) {
    StringBuilder text = new StringBuilder("\\begin{tabular}{lrrr}\n\\toprule\n");
    text.append("Encoder & Mean rank & Won alone & Won or shared \\\\\n\\midrule\n");
    for (int e : ranks.order()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%s & %.2f & %d & %d \\\\%n",
              escaped(ranks.encoders().get(e)),
              ranks.meanRanks()[e],
              ranks.wins()[e],
              ranks.winsWithTies()[e]));
    }
    return text.append("\\bottomrule\n\\end{tabular}\n").toString();
  }

  private static String escaped(String text) {
    return Printable.of(text)
        .chars()
        .mapToObj(
            c ->
                switch (c) {
                  case '\\' -> "\\textbackslash{}";
                  case '~' -> "\\textasciitilde{}";
                  case '^' -> "\\textasciicircum{}";
                  case '&', '%', '$', '#', '_', '{', '}' -> "\\" + (char) c;
                  default -> Character.toString(c);
                })
        .collect(Collectors.joining());
  }
}
