package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.retrieval.RetrievalEvaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Retrieval of tiles of one's class. */
final class RoiRetrievalRunner implements TaskRunner {
  static final List<Integer> TOP = List.of(1, 3, 5);

  @Override
  public TaskResult run(Run run) {
    RoiData data = RoiData.load(run);
    LabelledFeatures queries = data.report();
    RetrievalEvaluation found = RetrievalEvaluation.of(data.everythingToLearnFrom(), queries, 5);
    List<String> macro = new ArrayList<>();
    List<double[]> credits = new ArrayList<>();
    List<String> mean = new ArrayList<>();
    List<double[]> precisions = new ArrayList<>();
    for (int k : TOP) {
      macro.add("class_score_acc@" + k);
      credits.add(numbers(found.classScoreHits(k)));
      macro.add("any_of_acc@" + k);
      credits.add(numbers(found.anyOfHits(k)));
      mean.add("map@" + k);
      precisions.add(found.averagePrecision(k));
    }
    // Nothing is selected here, so the remark on selection does not apply.
    List<String> notes = data.notes().stream().filter(n -> !n.contains("was selected")).toList();
    return new TaskResult(
        run.seed(),
        List.of(
            predictions(run, PredictionKind.CLASS_CREDITS, queries, macro, credits),
            predictions(run, PredictionKind.CREDITS, queries, mean, precisions)),
        Map.of(),
        notes);
  }

  private static double[] numbers(boolean[] hits) {
    return IntStream.range(0, hits.length).mapToDouble(i -> hits[i] ? 1 : 0).toArray();
  }

  private static Predictions predictions(
      Run run,
      PredictionKind kind,
      LabelledFeatures queries,
      List<String> columns,
      List<double[]> credits) {
    return new Predictions(
        "test",
        "",
        kind,
        queries.ids(),
        queries.ids().stream().map(RoiData.groupOf(run.task())).toList(),
        columns,
        IntStream.of(queries.labels()).mapToObj(l -> new double[] {l}).toArray(double[][]::new),
        IntStream.range(0, queries.size())
            .mapToObj(i -> credits.stream().mapToDouble(c -> c[i]).toArray())
            .toArray(double[][]::new),
        new double[0][]);
  }
}
