package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.data.BagCase;
import io.github.gpfm.eval.data.FeatureFiles;
import io.github.gpfm.eval.data.FeatureFusion;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.eval.mil.MilArchitecture;
import io.github.gpfm.eval.mil.MilKind;
import io.github.gpfm.eval.mil.MilOptions;
import io.github.gpfm.eval.mil.MilSettings;
import io.github.gpfm.eval.mil.MilTrainer;
import io.github.gpfm.eval.mil.Objective;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The network over bags that a task's block describes, and how it is trained. */
final class NetworkTraining {
  private final TaskRunner.Run run;
  private final Settings task;

  NetworkTraining(TaskRunner.Run run) {
    this.run = run;
    this.task = run.task().settings();
  }

  /**
   * @param train cases it will be trained on
   * @throws EvaluationException if the block does not fit the task's classes or the features
   */
  MilTrainer of(Objective objective, List<BagCase> train) {
    MilKind kind = kind();
    int dimension = run.cohort().bags(run.encoder().name()).dimension();
    MilArchitecture paper =
        MilArchitecture.paper(kind, dimension, objective.outputs(), options(kind, train));
    MilArchitecture architecture =
        new MilArchitecture(
            kind,
            dimension,
            objective.outputs(),
            task.integer("hidden", paper.hidden()),
            task.integer("attention", paper.attention()),
            task.number("dropout", paper.dropout()),
            paper.options());
    MilSettings usual = MilSettings.paper();
    MilSettings settings =
        new MilSettings(
            task.number("learning-rate", usual.learningRate()),
            task.number("weight-decay", usual.weightDecay()),
            task.integer("epochs", usual.maxEpochs()),
            task.integer("patience", usual.patience()),
            task.integer("sure-epochs", usual.sureEpochs()),
            task.flag("balanced", usual.balanced()),
            run.seed(),
            task.integer("cases-per-step", usual.casesPerStep()));
    return new MilTrainer(architecture, objective, settings);
  }

  /** Encoders told apart by Shazam have its head, whatever the task's. */
  private MilKind kind() {
    if (isShazam(run.encoder())) {
      return MilKind.SHAZAM;
    }
    return task.choice("head", HeadKind.ABMIL).network().orElseThrow();
  }

  static boolean isShazam(EncoderSpec encoder) {
    return !encoder.parts().isEmpty() && encoder.fusion() == FeatureFusion.SHAZAM;
  }

  private MilOptions options(MilKind kind, List<BagCase> train) {
    return switch (kind) {
      case DTFD ->
          new MilOptions.PseudoBags(task.integer("pseudo-bags", MilOptions.PseudoBags.USUAL));
      case PANTHER ->
          MilOptions.Prototypes.find(
              train, task.integer("prototypes", MilOptions.Prototypes.USUAL), run.seed());
      case HMIL -> hierarchy();
      case FOCUS ->
          new MilOptions.TextGuided(
              texts(task.path("text-features").orElseThrow()),
              task.integer("max-tiles", MilOptions.TextGuided.USUAL_TILES));
      case SHAZAM ->
          new MilOptions.Fusion(
              run.parts().stream()
                  .map(part -> run.cohort().bags(part.name()).dimension())
                  .toList());
      default -> new MilOptions.None();
    };
  }

  private static Matrix texts(Path file) {
    return FeatureFiles.read("text-features", file).features();
  }

  private MilOptions.Hierarchy hierarchy() {
    Map<String, String> given = new TreeMap<>(task.texts("coarse"));
    List<String> names = new ArrayList<>();
    List<Integer> coarse = new ArrayList<>();
    for (String name : run.cohort().classes()) {
      String above = given.remove(name);
      if (above == null) {
        throw new EvaluationException("'coarse' does not say the coarse class of '" + name + "'");
      }
      if (!names.contains(above)) {
        names.add(above);
      }
      coarse.add(names.indexOf(above));
    }
    if (!given.isEmpty()) {
      throw new EvaluationException(
          "'coarse' names %s, but the classes are %s"
              .formatted(
                  String.join(", ", given.keySet()), String.join(", ", run.cohort().classes())));
    }
    return new MilOptions.Hierarchy(coarse);
  }
}
