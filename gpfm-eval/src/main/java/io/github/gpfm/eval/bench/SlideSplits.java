package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.Split;
import io.github.gpfm.eval.data.SplitFiles;
import io.github.gpfm.eval.data.Splitter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The splits of a slide task: from the table alone, then reduced to the cases that may be used. */
final class SlideSplits {
  private static final double INNER_SHARE = 0.125;

  private final SlideCohort cohort;
  private final Protocol protocol;
  private final long seed;
  private final List<String> notes;

  /**
   * @param notes takes what is done otherwise than the lists say
   */
  SlideSplits(SlideCohort cohort, Protocol protocol, long seed, List<String> notes) {
    this.cohort = cohort;
    this.protocol = protocol;
    this.seed = seed;
    this.notes = notes;
  }

  /**
   * The splits an encoder runs.
   *
   * @param usable names whose features it may use
   */
  List<Split> of(List<String> usable) {
    Set<String> known = Set.copyOf(usable);
    List<Split> result = new ArrayList<>();
    for (Split split : lists()) {
      checkNotExternal(split);
      List<String> leaks = split.leaks(cohort.patient());
      boolean sound = protocol == Protocol.SOUND;
      leaks.forEach(
          l -> notes.add(l + (sound ? "; they were kept on one side" : "; kept as it is")));
      Split used =
          sound && !leaks.isEmpty()
              ? split.withoutLeaks(cohort.patient(), cohort.stratum(), INNER_SHARE, seed)
              : split;
      result.add(reduced(used, known));
    }
    return result;
  }

  private List<Split> lists() {
    Settings task = cohort.task().settings();
    List<String> names = List.copyOf(cohort.labelled().keySet());
    if (task.has("splits")) {
      Path path = task.path("splits").orElseThrow();
      return byCase(
          Files.isDirectory(path) ? SplitFiles.readFolder(path) : List.of(SplitFiles.read(path)));
    }
    if (task.has("fold-columns")) {
      return byCase(
          SplitFiles.readFoldColumns(
              task.path("fold-columns").orElseThrow(),
              cohort.task().type() == TaskType.SURVIVAL ? "case_id" : "slide_id"));
    }
    if (task.has("folds")) {
      return Splitter.kFold(
          names, cohort.patient(), cohort.stratum(), task.integer("folds", 5), seed);
    }
    return List.of(Splitter.holdout712(names, cohort.patient(), cohort.stratum(), seed));
  }

  /** Lists may name slides where the task's cases are patients. */
  private List<Split> byCase(List<Split> lists) {
    Map<String, String> caseOf = new LinkedHashMap<>();
    cohort
        .labelled()
        .values()
        .forEach(entry -> entry.slides().forEach(slide -> caseOf.putIfAbsent(slide, entry.id())));
    return lists.stream()
        .map(
            s ->
                new Split(
                    s.name(),
                    renamed(s.train(), caseOf),
                    renamed(s.validation(), caseOf),
                    renamed(s.test(), caseOf)))
        .toList();
  }

  private List<String> renamed(List<String> names, Map<String, String> caseOf) {
    Set<String> result = new LinkedHashSet<>();
    for (String name : names) {
      result.add(cohort.labelled().containsKey(name) ? name : caseOf.getOrDefault(name, name));
    }
    return List.copyOf(result);
  }

  private Split reduced(Split split, Set<String> known) {
    List<String> missing = new ArrayList<>();
    for (List<String> side : List.of(split.train(), split.validation(), split.test())) {
      // What the table has and an encoder lacks is said for the task already.
      side.stream().filter(n -> !cohort.labelled().containsKey(n)).forEach(missing::add);
    }
    if (!missing.isEmpty()) {
      notes.add(
          "split '%s' names %d cases that the table has no label of, for instance '%s'; they were left out"
              .formatted(split.name(), missing.size(), missing.get(0)));
    }
    Split result =
        new Split(
            split.name(),
            split.train().stream().filter(known::contains).toList(),
            split.validation().stream().filter(known::contains).toList(),
            split.test().stream().filter(known::contains).toList());
    return result;
  }

  /**
   * Lists of the reference for cohorts that are only reported on name every case on every side:
   * training on them would report on the training cases.
   *
   * @throws EvaluationException if it is such a list
   */
  private static void checkNotExternal(Split split) {
    if (!split.train().isEmpty() && Set.copyOf(split.train()).equals(Set.copyOf(split.test()))) {
      throw new EvaluationException(
          "split '%s' trains on the cases it reports on: this is the list of an external cohort. Leave the list away and name the task to train on by 'train-on'"
              .formatted(split.name()));
    }
  }

  /**
   * @throws EvaluationException if a side that must have cases has none
   */
  static void check(Split split) {
    if (split.train().isEmpty() || split.test().isEmpty()) {
      throw new EvaluationException(
          split.train().isEmpty() ? "no case is left to train on" : "no case is left to report on");
    }
  }
}
