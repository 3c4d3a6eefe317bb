package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.language.LanguageExample;
import io.github.gpfm.eval.language.ReportModel;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.text.TextReport;
import io.github.gpfm.support.AtomicFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Report generation; the written reports are kept beside the true ones. */
final class ReportRunner implements TaskRunner {
  @Override
  public TaskResult run(Run run) {
    LanguageData data = new LanguageData(run, "report", false);
    List<LanguageExample> test = data.test();
    try (ReportModel model =
        ReportModel.train(
            data.side("train"), data.side("val"), LanguageData.settings(run), run.progress())) {
      List<String> written = test.stream().map(e -> model.write(e.bag().get())).toList();
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
      Map<String, Interval> figures = new LinkedHashMap<>();
      TextReport.of(written, truth)
          .byName()
          .forEach((name, value) -> figures.put(name, Interval.point(value)));
      return new TaskResult(figures, data.notes());
    }
  }
}
