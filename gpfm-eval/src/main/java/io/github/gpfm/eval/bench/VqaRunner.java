package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.language.LanguageExample;
import io.github.gpfm.eval.language.VqaModel;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Question answering: accuracy of all, of closed (yes or no) and of open answers. */
final class VqaRunner implements TaskRunner {
  @Override
  public TaskResult run(Run run) {
    LanguageData data = new LanguageData(run, "answer", true);
    List<LanguageExample> test = data.test();
    try (VqaModel model =
        VqaModel.train(
            data.side("train"), data.side("val"), LanguageData.settings(run), run.progress())) {
      boolean[] hits = model.hits(test);
      double[][] credits = new double[hits.length][];
      for (int i = 0; i < hits.length; i++) {
        double hit = hits[i] ? 1 : 0;
        boolean closed = isClosed(test.get(i));
        credits[i] = new double[] {hit, closed ? hit : Double.NaN, closed ? Double.NaN : hit};
      }
      List<String> slides = test.stream().map(e -> e.bag().get().id()).toList();
      Predictions predictions =
          new Predictions(
              "test",
              "",
              PredictionKind.CREDITS,
              IntStream.range(0, slides.size())
                  .mapToObj(i -> slides.get(i) + ": " + test.get(i).question())
                  .toList(),
              slides,
              List.of("accuracy", "closed_accuracy", "open_accuracy"),
              new double[hits.length][0],
              credits,
              new double[0][]);
      return new TaskResult(run.seed(), List.of(predictions), Map.of(), data.notes());
    }
  }

  private static boolean isClosed(LanguageExample example) {
    String answer = example.text().strip().toLowerCase(Locale.ROOT);
    return answer.equals("yes") || answer.equals("no");
  }
}
