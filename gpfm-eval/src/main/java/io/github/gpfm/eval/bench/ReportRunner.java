package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.language.LanguageExample;
import io.github.gpfm.eval.language.ReportModel;
import io.github.gpfm.eval.text.Bleu;
import io.github.gpfm.eval.text.Cider;
import io.github.gpfm.eval.text.Meteor;
import io.github.gpfm.eval.text.RougeL;
import io.github.gpfm.eval.text.Synonyms;
import io.github.gpfm.support.AtomicFile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Report generation; the written reports are kept beside the true ones. */
final class ReportRunner implements TaskRunner {
  @Override
  public TaskResult run(Run run) {
    LanguageData data = new LanguageData(run, "report", false);
    List<LanguageExample> test = data.test();
    Synonyms synonyms =
        run.task().settings().path("synonyms").map(Synonyms::read).orElseGet(Synonyms::none);
    try (ReportModel model =
        ReportModel.train(
            data.side("train"), data.side("val"), LanguageData.settings(run), run.progress())) {
      int beams = run.task().settings().integer("beams", 1);
      List<String> written = test.stream().map(e -> model.write(e.bag().get(), beams)).toList();
      List<String> truth = test.stream().map(LanguageExample::text).toList();
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < truth.size(); i++) {
        text.append("true:    ").append(truth.get(i)).append('\n');
        text.append("written: ").append(written.get(i)).append("\n\n");
      }
      AtomicFile.text(
          run.config()
              .output()
              .resolve("reports")
              .resolve(
                  run.task().fileName() + "-" + run.encoder().name() + "-" + run.seed() + ".txt"),
          text.toString());
      return new TaskResult(
          run.seed(), List.of(predictions(test, written, synonyms)), Map.of(), data.notes());
    }
  }

  private static Predictions predictions(
      List<LanguageExample> test, List<String> written, Synonyms synonyms) {
    List<String> columns = new ArrayList<>(List.of("words", "reference words"));
    for (int n = 1; n <= Bleu.MAX_ORDER; n++) {
      columns.add("matching " + n + "-grams");
      columns.add(n + "-grams");
    }
    double[] cider = Cider.each(written, test.stream().map(LanguageExample::text).toList());
    double[][] scores = new double[test.size()][];
    for (int i = 0; i < scores.length; i++) {
      String truth = test.get(i).text();
      scores[i] = Arrays.copyOf(Bleu.counts(written.get(i), truth), columns.size() + 3);
      scores[i][Bleu.COUNTS] = Meteor.of(List.of(written.get(i)), List.of(truth), synonyms);
      scores[i][Bleu.COUNTS + 1] = RougeL.of(List.of(written.get(i)), List.of(truth));
      scores[i][Bleu.COUNTS + 2] = cider[i];
    }
    columns.addAll(List.of("meteor", "rouge_l", "cider"));
    List<String> ids = test.stream().map(e -> e.bag().get().id()).toList();
    return new Predictions(
        "test",
        "",
        PredictionKind.TEXTS,
        ids,
        ids,
        columns,
        new double[test.size()][0],
        scores,
        new double[0][]);
  }
}
