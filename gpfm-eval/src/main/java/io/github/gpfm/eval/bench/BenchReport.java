package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.rank.CriticalDifferenceDiagram;
import io.github.gpfm.eval.rank.RankTable;
import io.github.gpfm.support.AtomicFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a benchmark found.
 *
 * @param config what was run
 * @param table task, encoder, figure
 * @param results task, encoder, then one result a seed: what the figures were computed from
 * @param notes what was left out, one sentence each; equal ones of several encoders or seeds are
 *     one
 * @param cells how many cells there are: tasks x encoders x seeds
 * @param failed how many of them could not be run
 */
public record BenchReport(
    BenchConfig config,
    Map<String, Map<String, Map<String, Figure>>> table,
    Map<String, Map<String, List<TaskResult>>> results,
    List<String> notes,
    int cells,
    int failed) {
  /** Level of the Nemenyi test. */
  public static final double ALPHA = 0.05;

  /** Copies the notes. */
  public BenchReport {
    notes = List.copyOf(notes);
  }

  /** The main figure of a task for an encoder, if it was reached. */
  public Optional<Figure> main(TaskDefinition task, EncoderSpec encoder) {
    return Optional.ofNullable(figures(task, encoder).get(task.metric()));
  }

  /** What a task found, by encoder. */
  Map<String, Map<String, Figure>> figures(TaskDefinition task) {
    return table.getOrDefault(task.name(), Map.of());
  }

  Map<String, Figure> figures(TaskDefinition task, EncoderSpec encoder) {
    return figures(task).getOrDefault(encoder.name(), Map.of());
  }

  /** The results of an encoder on a task, one a seed that ran. */
  List<TaskResult> results(TaskDefinition task, EncoderSpec encoder) {
    return results.getOrDefault(task.name(), Map.of()).getOrDefault(encoder.name(), List.of());
  }

  /** Number of cases a task reports on with an encoder, over all splits and seeds. */
  int reported(TaskDefinition task, EncoderSpec encoder) {
    return (int)
        results(task, encoder).stream()
            .flatMap(r -> r.predictions().stream())
            .flatMap(p -> p.cases().stream())
            .distinct()
            .count();
  }

  /** Which encoders and tasks are ranked, and why the others are not. */
  RankSelection selection() {
    return RankSelection.of(
        config, (t, e) -> main(t, e).filter(f -> !Double.isNaN(f.value())).isPresent());
  }

  /** Tasks that every ranked encoder has a figure of: only these can be ranked. */
  public List<TaskDefinition> ranked() {
    return selection().tasks();
  }

  /** Ranks of the encoders on {@link #ranked}; figures equal to four decimals share a rank. */
  public Optional<RankTable> ranks() {
    RankSelection chosen = selection();
    if (chosen.tasks().isEmpty() || chosen.encoders().size() < 2) {
      return Optional.empty();
    }
    double[][] scores =
        chosen.tasks().stream()
            .map(t -> chosen.encoders().stream().mapToDouble(e -> score(t, e)).toArray())
            .toArray(double[][]::new);
    return Optional.of(
        RankTable.ofScores(
            chosen.encoders().stream().map(EncoderSpec::name).toList(),
            chosen.tasks().stream().map(TaskDefinition::name).toList(),
            scores));
  }

  /** The main figure to four decimals, turned so that higher is better; NaN if there is none. */
  double score(TaskDefinition task, EncoderSpec encoder) {
    double value = main(task, encoder).map(Figure::value).orElse(Double.NaN);
    return FigureNames.score(task.metric(), Math.rint(value * 1e4) / 1e4);
  }

  /** The notes, then what is not ranked and why. */
  public List<String> remarks() {
    List<String> all = new ArrayList<>(notes);
    all.addAll(selection().leftOut());
    return all;
  }

  /** The main figures as an aligned table for a terminal or a Markdown file. */
  public String markdown() {
    return new ReportTables(this).markdown();
  }

  /**
   * Writes {@code report.html}; tables as Markdown, CSV and LaTeX ({@code table.*}, {@code
   * ranks.*}, {@code comparisons.csv}, {@code curves.csv}); every case ({@code cases/}, {@code
   * splits/}); figures as SVG ({@code figures/}); {@code results.json} and {@code left-out.txt}.
   */
  public void write() {
    Path folder = config.output();
    ReportTables tables = new ReportTables(this);
    AtomicFile.text(folder.resolve("table.md"), tables.markdown());
    AtomicFile.text(folder.resolve("table.csv"), tables.csv());
    AtomicFile.text(folder.resolve("table.tex"), tables.latex());
    AtomicFile.text(folder.resolve("results.json"), tables.json());
    AtomicFile.text(folder.resolve("left-out.txt"), String.join("\n", remarks()) + "\n");
    Comparisons comparisons = new Comparisons(this);
    CsvText.write(folder.resolve("comparisons.csv"), comparisons.rows());
    ReportFigures figures = new ReportFigures(this);
    CsvText.write(folder.resolve("curves.csv"), figures.curves());
    figures
        .all()
        .forEach(
            f -> AtomicFile.text(folder.resolve("figures").resolve(f.file() + ".svg"), f.svg()));
    ranks()
        .ifPresent(
            ranks -> {
              AtomicFile.text(folder.resolve("ranks.csv"), tables.ranksCsv(ranks));
              AtomicFile.text(folder.resolve("ranks.tex"), tables.ranksLatex(ranks));
              CriticalDifferenceDiagram diagram = CriticalDifferenceDiagram.of(ranks, ALPHA);
              diagram.write(folder.resolve("critical-difference.png"));
              diagram.write(folder.resolve("critical-difference.svg"));
            });
    for (TaskDefinition task : config.tasks()) {
      for (EncoderSpec encoder : config.encoders()) {
        List<TaskResult> seeds = results(task, encoder);
        for (int s = 0; s < seeds.size(); s++) {
          CaseOutput.write(config, task, encoder, seeds.get(s).seed(), seeds.get(s));
        }
      }
    }
    AtomicFile.text(
        folder.resolve("report.html"), new HtmlReport(this, figures, comparisons).text());
  }

  /** A figure without an interval. */
  static Figure point(double value) {
    return new Figure(Interval.point(value), new double[] {value}, new double[0]);
  }
}
