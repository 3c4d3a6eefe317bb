package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.retrieval.RetrievalEvaluation;
import java.util.List;

/** Retrieval of tiles of one's class. */
final class RoiRetrievalRunner implements TaskRunner {
  private static final List<Integer> TOP = List.of(1, 3, 5);

  @Override
  public TaskResult run(Run run) {
    RoiData data = RoiData.load(run);
    RetrievalEvaluation found =
        RetrievalEvaluation.of(data.everythingToLearnFrom(), data.report(), 5);
    // Nothing is selected here, so the remark on selection does not apply.
    List<String> notes = data.notes().stream().filter(n -> !n.contains("was selected")).toList();
    return new TaskResult(
        found.report(TOP, run.config().protocol(), run.seed(), run.config().replicates()), notes);
  }
}
