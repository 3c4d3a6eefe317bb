package io.github.gpfm.eval.bench;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.metric.ClassificationMetric;
import io.github.gpfm.eval.metric.ClassificationReport;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LinearProbe;
import io.github.gpfm.eval.probe.SimpleShot;
import java.util.LinkedHashMap;
import java.util.Map;

/** Linear probe (whose figures have the plain names), nearest neighbours and few shots. */
final class RoiClassificationRunner implements TaskRunner {
  private static final int EPISODES = 200;

  @Override
  public TaskResult run(Run run) {
    RoiData data = RoiData.load(run);
    Protocol protocol = run.config().protocol();
    int replicates = run.config().replicates();
    LabelledFeatures reported = data.report();
    Map<String, Interval> figures = new LinkedHashMap<>();
    LinearProbe probe =
        LinearProbe.paper()
            .withEpochs(run.task().settings().integer("epochs", LinearProbe.paper().epochs()))
            .withSeed(run.seed());
    if (protocol == Protocol.SOUND) {
      probe = probe.sound();
    }
    LinearProbe.Trained trained =
        probe.train(data.train(), data.selection(), ProgressListener.NONE);
    add(
        figures,
        "",
        ClassificationReport.of(
            trained.probabilities(reported.features()),
            reported.labels(),
            protocol,
            run.seed(),
            replicates));
    LabelledFeatures support = data.everythingToLearnFrom();
    for (int k : new int[] {1, 20}) {
      double[][] scores = KnnClassifier.paper().scores(support, reported, k);
      add(
          figures,
          "knn" + k + "_",
          ClassificationReport.of(scores, reported.labels(), protocol, run.seed(), replicates));
    }
    add(
        figures,
        "simpleshot_",
        ClassificationReport.of(
            SimpleShot.scores(support, reported),
            reported.labels(),
            protocol,
            run.seed(),
            replicates));
    for (int shots : new int[] {1, 4, 16}) {
      try {
        figures.put(
            "simpleshot" + shots + "_balanced_accuracy",
            SimpleShot.episodes(support, reported, shots, EPISODES, run.seed()));
      } catch (EvaluationException tooFew) {
        data.notes().add(tooFew.getMessage() + "; these shots were left out");
      }
    }
    return new TaskResult(figures, data.notes());
  }

  static void add(Map<String, Interval> figures, String prefix, ClassificationReport report) {
    for (ClassificationMetric metric : ClassificationMetric.values()) {
      figures.put(prefix + metric.key(), report.get(metric));
    }
  }
}
