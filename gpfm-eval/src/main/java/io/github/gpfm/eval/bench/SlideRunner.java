package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.CaseTable;
import io.github.gpfm.eval.data.Split;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Slide tasks: trains a head on each split and keeps what it says of the reported cases. */
final class SlideRunner implements TaskRunner {
  @Override
  public TaskResult run(Run run) {
    SlideCohort cohort = run.cohort();
    String encoder = run.encoder().name();
    List<String> notes = new ArrayList<>(cohort.notes(encoder));
    List<String> usable = cohort.usable(encoder);
    if (usable.isEmpty()) {
      throw new EvaluationException(
          "task '%s' has no case with a label and features of '%s'"
              .formatted(run.task().name(), encoder));
    }
    Map<String, BagCase> cases = cases(cohort, encoder, usable);
    if (run.task().trainOn().isPresent()) {
      return new TaskResult(
          run.seed(), new ExternalCohort(run, cases, notes).predictions(), Map.of(), notes);
    }
    List<Predictions> predictions = new ArrayList<>();
    List<Split> done = new ArrayList<>();
    String failure = "";
    for (Split split :
        new SlideSplits(cohort, run.config().protocol(), run.seed(), notes).of(usable)) {
      try {
        SlideSplits.check(split);
        predictions.addAll(new SlideHeads(run, cases, split, notes).predictions());
        done.add(split);
      } catch (GpfmException e) {
        failure = String.valueOf(e.getMessage());
        notes.add("split '" + split.name() + "' was left out: " + failure);
      }
    }
    if (predictions.isEmpty()) {
      throw new EvaluationException(
          "no split of task '" + run.task().name() + "' could be run: " + failure);
    }
    return new TaskResult(run.seed(), predictions, Map.of(), done, notes);
  }

  /** The usable cases as an encoder gives them. */
  static Map<String, BagCase> cases(SlideCohort cohort, String encoder, List<String> usable) {
    SlideBags bags = cohort.bags(encoder);
    Map<String, BagCase> cases = new LinkedHashMap<>();
    for (String id : usable) {
      CaseTable.Entry entry = cohort.labelled().get(id);
      if (entry != null) {
        cases.put(
            id,
            new BagCase(
                id,
                () -> bags.bag(entry),
                cohort.classes().indexOf(entry.label()),
                entry.time(),
                entry.censored(),
                entry.targets()));
      }
    }
    return cases;
  }
}
