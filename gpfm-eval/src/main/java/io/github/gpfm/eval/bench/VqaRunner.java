package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.language.LanguageExample;
import io.github.gpfm.eval.language.VqaModel;
import io.github.gpfm.eval.metric.Bootstrap;
import io.github.gpfm.eval.metric.Interval;
import java.util.LinkedHashMap;
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
      Map<String, Interval> figures = new LinkedHashMap<>();
      figures.put("accuracy", accuracy(run, hits, IntStream.range(0, hits.length).toArray()));
      for (boolean closed : new boolean[] {true, false}) {
        int[] members =
            IntStream.range(0, hits.length).filter(i -> isClosed(test.get(i)) == closed).toArray();
        if (members.length > 0) {
          figures.put(closed ? "closed_accuracy" : "open_accuracy", accuracy(run, hits, members));
        }
      }
      return new TaskResult(figures, data.notes());
    }
  }

  private static boolean isClosed(LanguageExample example) {
    String answer = example.text().strip().toLowerCase(Locale.ROOT);
    return answer.equals("yes") || answer.equals("no");
  }

  private static Interval accuracy(Run run, boolean[] hits, int[] members) {
    double value = (double) IntStream.of(members).filter(i -> hits[i]).count() / members.length;
    Bootstrap bootstrap =
        Bootstrap.draw(
            members.length,
            run.config().replicates(),
            run.seed(),
            Bootstrap.Resampling.MULTINOMIAL);
    return Interval.of(
        value,
        bootstrap.map(
            w -> {
              double right = 0;
              for (int i = 0; i < members.length; i++) {
                right += hits[members[i]] ? w[i] : 0;
              }
              return right / members.length;
            }));
  }
}
