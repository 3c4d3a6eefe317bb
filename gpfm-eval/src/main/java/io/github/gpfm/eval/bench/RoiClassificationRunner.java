package io.github.gpfm.eval.bench;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.Protocol;
import io.github.gpfm.eval.data.LabelledFeatures;
import io.github.gpfm.eval.metric.Interval;
import io.github.gpfm.eval.probe.KnnClassifier;
import io.github.gpfm.eval.probe.LinearProbe;
import io.github.gpfm.eval.probe.LogisticRegression;
import io.github.gpfm.eval.probe.SimpleShot;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paper's linear probe (whose figures have the plain names), the standard one ({@code linear_},
 * L-BFGS, its strength chosen on the selecting tiles), nearest neighbours and few shots.
 */
final class RoiClassificationRunner implements TaskRunner {
  static final List<Integer> SHOTS = List.of(1, 4, 16);
  private static final int EPISODES = 200;

  /** Name of the figure of few shots. */
  static String episodes(int shots) {
    return "simpleshot" + shots + "_balanced_accuracy";
  }

  @Override
  public TaskResult run(Run run) {
    RoiData data = RoiData.load(run);
    LabelledFeatures reported = data.report();
    List<Predictions> predictions = new ArrayList<>();
    LinearProbe probe =
        LinearProbe.paper()
            .withEpochs(run.task().settings().integer("epochs", LinearProbe.paper().epochs()))
            .withSeed(run.seed());
    if (run.config().protocol() == Protocol.SOUND) {
      probe = probe.sound();
    }
    LinearProbe.Trained trained =
        probe.train(data.train(), data.selection(), ProgressListener.NONE);
    add(predictions, run, "", reported, trained.probabilities(reported.features()));
    if (data.selection() != reported) {
      LogisticRegression linear =
          LogisticRegression.select(
              data.train(), data.selection(), LogisticRegression.usualStrengths());
      add(predictions, run, "linear_", reported, linear.probabilities(reported.features()));
      if (!linear.converged()) {
        data.notes().add("the linear probe did not converge at C = " + linear.inverseStrength());
      }
    }
    LabelledFeatures support = data.everythingToLearnFrom();
    for (int k : new int[] {1, 20}) {
      double[][] scores = KnnClassifier.paper().scores(support, reported, k);
      add(predictions, run, "knn" + k + "_", reported, scores);
    }
    add(predictions, run, "simpleshot_", reported, SimpleShot.scores(support, reported));
    Map<String, Interval> episodes = new LinkedHashMap<>();
    for (int shots : SHOTS) {
      try {
        episodes.put(
            episodes(shots), SimpleShot.episodes(support, reported, shots, EPISODES, run.seed()));
      } catch (EvaluationException tooFew) {
        data.notes().add(tooFew.getMessage() + "; these shots were left out");
      }
    }
    return new TaskResult(run.seed(), predictions, episodes, data.notes());
  }

  private static void add(
      List<Predictions> predictions,
      Run run,
      String method,
      LabelledFeatures reported,
      double[][] scores) {
    predictions.add(
        Predictions.classes(
            "test",
            method,
            reported.ids(),
            reported.ids().stream().map(RoiData.groupOf(run.task())).toList(),
            reported.classes(),
            reported.labels(),
            scores));
  }
}
