package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.data.FeatureBag;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.probe.SoftmaxRegression;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A frozen head applied to features it was not trained on. Nothing is fitted: what is written are
 * the head's answers, and their figures where a table says the truth.
 *
 * @param rows answers, a header first
 * @param figures figures against the table; empty without one
 * @param notes what was left out, one sentence each
 */
public record HeadApplication(
    List<List<String>> rows, Map<String, Figure> figures, List<String> notes) {
  private static final int REPLICATES = 1000;

  /** Copies the notes. */
  public HeadApplication {
    notes = List.copyOf(notes);
  }

  /** Applies a head of one encoder. */
  public static HeadApplication of(Path head, Path features, Optional<Path> table) {
    return of(head, List.of(features), Optional.empty(), table);
  }

  /**
   * Applies a head.
   *
   * @param head file of {@code heads/}
   * @param features folders with feature files, one an encoder that the head's encoder fuses, in
   *     that order ({@link HeadInputs})
   * @param fusion how their features become one; if empty, as the head's file says, and side by
   *     side where it does not; of no effect on one folder
   * @param table labels (for classes) or outcomes (for survival), as a task's; decides what is a
   *     case
   * @throws EvaluationException if no case can be answered
   * @throws io.github.gpfm.api.InvalidOptionException if the head's file speaks of another number
   *     of encoders, or of another fusion
   */
  public static HeadApplication of(
      Path head, List<Path> features, Optional<FeatureFusion> fusion, Optional<Path> table) {
    FeatureFusion joined =
        HeadInputs.of(head)
            .map(inputs -> inputs.checked(head, features, fusion))
            .orElse(fusion.orElse(FeatureFusion.CONCATENATION));
    try (FrozenHead frozen = FrozenHead.load(head)) {
      return new Run(frozen, features, joined, table).apply();
    }
  }

  /** Writes {@code predictions.csv} and, with a table, {@code figures.csv}. */
  public void write(Path folder) {
    CsvText.write(folder.resolve("predictions.csv"), rows);
    if (!figures.isEmpty()) {
      List<List<String>> lines = new ArrayList<>();
      lines.add(List.of("figure", "value", "lower", "upper"));
      figures.forEach(
          (name, f) ->
              lines.add(
                  List.of(
                      name,
                      CsvText.number(f.value()),
                      CsvText.number(f.interval().lower()),
                      CsvText.number(f.interval().upper()))));
      CsvText.write(folder.resolve("figures.csv"), lines);
    }
    AtomicFile.text(folder.resolve("left-out.txt"), String.join("\n", notes) + "\n");
  }

  private static final class Run {
    private final FrozenHead head;
    private final boolean survival;
    private final Map<String, CaseTable.Entry> cases = new LinkedHashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final SlideBags bags;
    private final boolean known;

    Run(FrozenHead head, List<Path> features, FeatureFusion fusion, Optional<Path> table) {
      this.head = head;
      this.survival = head.outputNames().isEmpty();
      if (head.fact("target_mean").length > 0) {
        throw new EvaluationException(
            "heads of numbers and labels are applied by a task with 'train-on', not by 'apply'");
      }
      this.known = table.isPresent();
      if (table.isPresent()) {
        CaseTable read = survival ? CaseTable.survival(table.get()) : CaseTable.labels(table.get());
        notes.addAll(read.notes());
        cases.putAll(read.entries());
      } else {
        for (String name : names(features.get(0))) {
          cases.put(
              name,
              new CaseTable.Entry(name, name, List.of(name), "", Double.NaN, false, new double[0]));
        }
      }
      this.bags = new SlideBags(SlideFeatures.of(features, fusion), cases.values());
      bags.problems().forEach((id, why) -> notes.add(why + "; '" + id + "' was left out"));
    }

    private static TreeSet<String> names(Path folder) {
      TreeSet<String> names = new TreeSet<>();
      for (Path sub : FeatureFiles.folders(folder)) {
        try (Stream<Path> files = Files.list(sub)) {
          files
              .filter(Files::isRegularFile)
              .forEach(f -> FeatureFiles.nameOf(f).ifPresent(names::add));
        } catch (IOException e) {
          throw new EvaluationException("the folder '" + sub + "' cannot be listed", e);
        }
      }
      return names;
    }

    HeadApplication apply() {
      List<String> header = new ArrayList<>(List.of("case", "patient"));
      double[] times = head.fact("times");
      if (survival) {
        header.add("risk");
        for (double time : times) {
          header.add(PredictionFigures.survivalColumn(time));
        }
      } else {
        header.add("called");
        header.addAll(head.outputNames());
      }
      List<List<String>> rows = new ArrayList<>(List.of(header));
      List<CaseTable.Entry> reported = new ArrayList<>();
      List<double[]> scores = new ArrayList<>();
      for (CaseTable.Entry entry : cases.values()) {
        if (!bags.usable(entry.id())) {
          continue;
        }
        double[] answer = answer(bags.bag(entry));
        List<String> row = new ArrayList<>(List.of(entry.id(), entry.patient()));
        if (!survival) {
          row.add(head.outputNames().get(best(answer)));
        }
        for (double v : answer) {
          row.add(CsvText.number(v));
        }
        rows.add(row);
        if (known && (survival || isLabelled(entry))) {
          reported.add(entry);
          scores.add(answer);
        }
      }
      if (rows.size() == 1) {
        throw new EvaluationException(
            "no case has features that the head can answer"
                + (notes.isEmpty() ? "" : ": " + notes.get(notes.size() - 1)));
      }
      return new HeadApplication(rows, figures(reported, scores), notes);
    }

    private boolean isLabelled(CaseTable.Entry entry) {
      boolean labelled = head.outputNames().contains(entry.label());
      if (!labelled) {
        notes.add(
            entry.label().isEmpty()
                ? "'" + entry.id() + "' has no label; it counts in no figure"
                : "'%s' has the label '%s', which the head does not know; it counts in no figure"
                    .formatted(entry.id(), entry.label()));
      }
      return labelled;
    }

    private double[] answer(FeatureBag bag) {
      double[] logits = head.output(bag);
      return survival
          ? SurvivalScores.scores(logits, head.fact("times"), head.fact("baseline"))
          : SoftmaxRegression.softmax(logits);
    }

    private static int best(double[] answer) {
      int best = 0;
      for (int c = 1; c < answer.length; c++) {
        best = answer[c] > answer[best] ? c : best;
      }
      return best;
    }

    private Map<String, Figure> figures(List<CaseTable.Entry> reported, List<double[]> scores) {
      if (reported.isEmpty()) {
        return Map.of();
      }
      List<String> names = reported.stream().map(CaseTable.Entry::id).toList();
      List<String> patients = reported.stream().map(CaseTable.Entry::patient).toList();
      List<String> columns = new ArrayList<>(head.outputNames());
      double[][] truth =
          reported.stream()
              .map(
                  e ->
                      survival
                          ? new double[] {e.time(), e.censored() ? 1 : 0}
                          : new double[] {head.outputNames().indexOf(e.label())})
              .toArray(double[][]::new);
      if (survival) {
        columns.add("risk");
        for (double time : head.fact("times")) {
          columns.add(PredictionFigures.survivalColumn(time));
        }
      }
      Predictions said =
          new Predictions(
              "all",
              "",
              survival ? PredictionKind.SURVIVAL : PredictionKind.CLASSES,
              names,
              patients,
              columns,
              truth,
              scores.toArray(double[][]::new),
              new double[0][]);
      List<TaskResult> one = List.of(new TaskResult(0, List.of(said), Map.of(), List.of()));
      return new TaskFigures(one, Protocol.SOUND, REPLICATES, 0).of(one);
    }
  }

  /** The figures as lines for a terminal. */
  public String describe() {
    StringBuilder text = new StringBuilder();
    figures.forEach(
        (name, figure) -> text.append(String.format(Locale.ROOT, "%-20s %s%n", name, figure)));
    return text.toString();
  }
}
