package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.BagCase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * A cohort that was not trained on: the frozen heads of another task, one a split, report on all
 * its cases. Nothing is selected or fitted here.
 */
final class ExternalCohort {
  private final TaskRunner.Run run;
  private final Map<String, BagCase> cases;
  private final List<String> notes;

  ExternalCohort(TaskRunner.Run run, Map<String, BagCase> cases, List<String> notes) {
    this.run = run;
    this.cases = cases;
    this.notes = notes;
  }

  List<Predictions> predictions() {
    String trained = run.task().trainOn().orElseThrow();
    TaskRunner.Trained source =
        run.trained()
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "task '%s' was not trained with '%s', so '%s' has no head to report with"
                            .formatted(trained, run.encoder().name(), run.task().name())));
    List<BagCase> reported = unseen(source);
    List<Predictions> all = new ArrayList<>();
    for (String split : splits(source.result())) {
      Path file =
          SlideHeads.folder(run.config(), source.task(), run.encoder())
              .resolve(SlideHeads.headName(split, run.seed()) + ".safetensors");
      if (!Files.isRegularFile(file)) {
        throw new EvaluationException(
            "the head '%s' is gone; remove the results of task '%s' and run it again"
                .formatted(file, trained));
      }
      try (FrozenHead head = FrozenHead.load(file)) {
        all.add(predictions(head, split, reported, source));
      }
    }
    return all;
  }

  private static Set<String> splits(TaskResult result) {
    return result.predictions().stream()
        .filter(p -> p.method().isEmpty())
        .map(Predictions::split)
        .collect(Collectors.toCollection(java.util.LinkedHashSet::new));
  }

  /** Under the sound protocol a patient of the other task is not reported on. */
  private List<BagCase> unseen(TaskRunner.Trained source) {
    UnaryOperator<String> here = run.cohort().patient();
    Set<String> known =
        source.cohort().labelled().keySet().stream()
            .map(source.cohort().patient())
            .collect(Collectors.toSet());
    Map<String, BagCase> unseen = new LinkedHashMap<>(cases);
    if (run.config().protocol() == Protocol.SOUND) {
      unseen.keySet().removeIf(id -> known.contains(here.apply(id)));
    }
    int left = cases.size() - unseen.size();
    if (left > 0) {
      notes.add(
          "%d cases are of patients of task '%s' too and were left out"
              .formatted(left, source.task().name()));
    }
    if (unseen.isEmpty()) {
      throw new EvaluationException(
          "every case is of a patient of task '%s': this is no external cohort"
              .formatted(source.task().name()));
    }
    return List.copyOf(unseen.values());
  }

  private Predictions predictions(
      FrozenHead head, String split, List<BagCase> reported, TaskRunner.Trained source) {
    SlideCohort cohort = run.cohort();
    List<String> names = reported.stream().map(BagCase::id).toList();
    return switch (run.task().type()) {
      case SURVIVAL ->
          SurvivalScores.of(head, split, "", reported, cohort, training(source, split));
      case WSI_REGRESSION, WSI_MULTILABEL ->
          TargetScale.predictions(
              checked(head, cohort.targets()),
              split,
              "",
              run.task().type() == TaskType.WSI_REGRESSION,
              reported,
              cohort);
      default ->
          Predictions.classes(
              split,
              "",
              names,
              SlideHeads.groups(cohort, names),
              checked(head, cohort.classes()).outputNames(),
              reported.stream().mapToInt(BagCase::label).toArray(),
              head.probabilities(reported));
    };
  }

  private FrozenHead checked(FrozenHead head, List<String> names) {
    if (!head.outputNames().equals(names)) {
      throw new EvaluationException(
          "task '%s' has the classes or targets %s, but the head was trained for %s; name them alike and in one order by 'classes' or 'targets'"
              .formatted(run.task().name(), names, head.outputNames()));
    }
    return head;
  }

  // The censoring of the training cases, which the other task's figures also use.
  private static List<BagCase> training(TaskRunner.Trained source, String split) {
    return source.result().predictions().stream()
        .filter(p -> p.split().equals(split) && p.method().isEmpty())
        .findFirst()
        .map(
            p ->
                java.util.Arrays.stream(p.reference())
                    .map(
                        r ->
                            new BagCase(
                                "",
                                () -> {
                                  throw new IllegalStateException("only its outcome is known");
                                },
                                -1,
                                r[0],
                                r[1] == 1))
                    .toList())
        .orElse(List.of());
  }
}
