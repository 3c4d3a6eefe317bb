package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.rank.CriticalDifferenceDiagram;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.support.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Everything a benchmark found.
 *
 * @param config what was run
 * @param table task, encoder, figure
 * @param notes what was left out, one sentence each; equal ones of several encoders or seeds are
 *     one
 */
public record BenchReport(
    BenchConfig config, Map<String, Map<String, Map<String, Interval>>> table, List<String> notes) {
  /** Level of the Nemenyi test. */
  public static final double ALPHA = 0.05;

  /** Copies the notes. */
  public BenchReport {
    notes = List.copyOf(notes);
  }

  /** The main figure of a task for an encoder, if it was reached. */
  public Optional<Interval> main(TaskDefinition task, EncoderSpec encoder) {
    return Optional.ofNullable(figures(task, encoder).get(task.metric()));
  }

  /** What a task found, by encoder. */
  Map<String, Map<String, Interval>> figures(TaskDefinition task) {
    return table.getOrDefault(task.name(), Map.of());
  }

  private Map<String, Interval> figures(TaskDefinition task, EncoderSpec encoder) {
    return figures(task).getOrDefault(encoder.name(), Map.of());
  }

  /** Tasks that every encoder has a figure of: only these can be ranked. */
  public List<TaskDefinition> ranked() {
    return config.tasks().stream()
        .filter(
            t ->
                config.encoders().stream()
                    .allMatch(e -> main(t, e).filter(i -> !Double.isNaN(i.value())).isPresent()))
        .toList();
  }

  /** Ranks of the encoders on {@link #ranked}; figures equal to four decimals share a rank. */
  public Optional<RankTable> ranks() {
    List<TaskDefinition> tasks = ranked();
    if (tasks.isEmpty() || config.encoders().size() < 2) {
      return Optional.empty();
    }
    double[][] scores =
        tasks.stream()
            .map(
                t ->
                    config.encoders().stream()
                        .mapToDouble(e -> main(t, e).map(Interval::value).orElse(Double.NaN))
                        .map(v -> Math.rint(v * 1e4) / 1e4)
                        .toArray())
            .toArray(double[][]::new);
    return Optional.of(
        RankTable.ofScores(
            config.encoders().stream().map(EncoderSpec::name).toList(),
            tasks.stream().map(TaskDefinition::name).toList(),
            scores));
  }

  /** The main figures as an aligned table for a terminal or a Markdown file. */
  public String markdown() {
    StringBuilder text = new StringBuilder("| task | figure |");
    config.encoders().forEach(e -> text.append(' ').append(e.name()).append(" |"));
    text.append("\n|---|---|").append("---|".repeat(config.encoders().size())).append('\n');
    for (TaskDefinition task : config.tasks()) {
      for (String figure : headline(task)) {
        text.append("| ").append(task.name()).append(" | ").append(figure).append(" |");
        for (EncoderSpec encoder : config.encoders()) {
          Interval value = figures(task, encoder).get(figure);
          text.append(' ').append(value == null ? "–" : value.toString()).append(" |");
        }
        text.append('\n');
      }
    }
    ranks()
        .ifPresent(
            ranks -> {
              text.append("| **mean rank** | ").append(ranks.tasks().size()).append(" tasks |");
              for (double mean : ranks.meanRanks()) {
                text.append(String.format(Locale.ROOT, " %.2f |", mean));
              }
              text.append('\n');
            });
    return text.toString();
  }

  // The figure ranked by first, then the family's other usual ones.
  private static Set<String> headline(TaskDefinition task) {
    List<String> usual =
        switch (task.type()) {
          case ROI_CLASSIFICATION ->
              List.of(
                  "auc",
                  "balanced_accuracy",
                  "f1_weighted",
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
          case WSI_CLASSIFICATION -> List.of("auc", "balanced_accuracy", "f1_macro", "accuracy");
          case SURVIVAL -> List.of("c_index", "log_rank_p");
          case VQA -> List.of("accuracy", "closed_accuracy", "open_accuracy");
          case REPORT_GENERATION ->
              List.of("bleu_1", "bleu_2", "bleu_3", "bleu_4", "meteor", "rouge_l");
        };
    Set<String> all = new LinkedHashSet<>();
    all.add(task.metric());
    all.addAll(usual);
    return all;
  }

  /**
   * Writes {@code table.csv} (every figure), {@code table.md}, {@code ranks.csv}, {@code
   * left-out.txt}, {@code critical-difference.png} and {@code .svg}, and {@code report.html}.
   */
  public void write() {
    Path folder = config.output();
    AtomicFile.text(folder.resolve("table.md"), markdown());
    AtomicFile.text(folder.resolve("table.csv"), csv());
    AtomicFile.text(folder.resolve("left-out.txt"), String.join("\n", notes) + "\n");
    ranks()
        .ifPresent(
            ranks -> {
              AtomicFile.text(folder.resolve("ranks.csv"), ranksCsv(ranks));
              CriticalDifferenceDiagram diagram = CriticalDifferenceDiagram.of(ranks, ALPHA);
              diagram.write(folder.resolve("critical-difference.png"));
              diagram.write(folder.resolve("critical-difference.svg"));
            });
    AtomicFile.text(folder.resolve("report.html"), new HtmlReport(this).text());
  }

  private String csv() {
    StringBuilder text =
        new StringBuilder("task,type,encoder,figure,value,mean,std,lower,upper,replicates\n");
    for (TaskDefinition task : config.tasks()) {
      figures(task)
          .forEach(
              (encoder, figures) ->
                  figures.forEach(
                      (name, i) ->
                          text.append(
                              String.format(
                                  Locale.ROOT,
                                  "%s,%s,%s,%s,%.6f,%.6f,%.6f,%.6f,%.6f,%d%n",
                                  quoted(task.name()),
                                  task.type().key(),
                                  quoted(encoder),
                                  name,
                                  i.value(),
                                  i.mean(),
                                  i.std(),
                                  i.lower(),
                                  i.upper(),
                                  i.replicates()))));
    }
    return text.toString();
  }

  private static String ranksCsv(RankTable ranks) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "task," + String.join(",", ranks.encoders().stream().map(BenchReport::quoted).toList()));
    for (int t = 0; t < ranks.tasks().size(); t++) {
      lines.add(quoted(ranks.tasks().get(t)) + "," + join(ranks.ranks()[t]));
    }
    lines.add("mean," + join(ranks.meanRanks()));
    lines.add("wins," + join(IntStream.of(ranks.wins()).asDoubleStream().toArray()));
    return String.join("\n", lines) + "\n";
  }

  private static String join(double[] values) {
    return String.join(
        ",", Arrays.stream(values).mapToObj(v -> String.format(Locale.ROOT, "%.4g", v)).toList());
  }

  private static String quoted(String cell) {
    return cell.matches("[^\",\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
