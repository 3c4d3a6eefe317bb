package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.Experts;
import io.github.gpfm.distill.model.StepResult;
import io.github.gpfm.distill.run.Phases;
import io.github.gpfm.distill.run.Trainer;
import io.github.gpfm.distill.run.TrainingListener;
import io.github.gpfm.eval.roi.FolderProbe;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpfm distill}: trains a student on tiles. */
@Command(
    name = "distill",
    mixinStandardHelpOptions = true,
    description = {
      "Train a model on tiles by unified knowledge distillation.",
      "Started again in the same --out it goes on from its newest checkpoint; Ctrl-C writes one."
    })
final class DistillCommand implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(DistillCommand.class);

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE|PRESET",
      description = {
        "A YAML file, or a preset: official-vitl14, official-vith14, official-vitg14, tiny, phi-s,",
        "unic, shazam, nested, h0-mini, gram."
      })
  private String config;

  @Mixin private TrainingTiles data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "The run's folder.")
  private Path out;

  @Option(
      names = "--set",
      paramLabel = "SECTION.OPTION=VALUE",
      description = "Change one option of the configuration; may be repeated.")
  private Map<String, String> changes = new LinkedHashMap<>();

  @Option(
      names = "--lengthen",
      description = "Go on with a run of fewer optim.epochs; says what that does to the schedules.")
  private boolean lengthen;

  @Option(
      names = "--evaluate",
      paramLabel = "DIR",
      description = {
        "Measure the teacher while training by the labelled images in DIR: a subfolder a class, or"
            + " train and test with class folders each.",
        "20 nearest neighbours and a linear probe; in the log and in curves.html."
      })
  private @Nullable Path evaluate;

  @Option(
      names = "--evaluate-every",
      paramLabel = "STEPS",
      description = "Steps between evaluations (default: an epoch's).")
  private @Nullable Integer evaluateEvery;

  @Override
  public Integer call() throws InterruptedException {
    if (evaluateEvery != null && (evaluate == null || evaluateEvery < 1)) {
      throw new InvalidOptionException(
          evaluate == null
              ? "--evaluate-every is given without --evaluate; name the labelled images with --evaluate DIR."
              : "--evaluate-every must be 1 or more, not " + evaluateEvery + ".");
    }
    Phases phases = new Phases(DistillConfigs.phases(config, changes), out);
    try (TileDataset tiles = data.open()) {
      for (int i = 0; i < phases.size(); i++) {
        if (phases.size() > 1) {
          System.out.printf("phase %d of %d: %s%n", i + 1, phases.size(), phases.name(i));
        }
        if (!train(tiles, phases.config(i), phases.folder(i))) {
          return 0;
        }
      }
      return 0;
    }
  }

  /** Trains one phase; returns whether it has come to its end. */
  private boolean train(TileDataset tiles, DistillConfig chosen, Path folder)
      throws InterruptedException {
    FolderProbe probe = evaluate == null ? null : FolderProbe.of(evaluate, chosen.train().seed());
    try (Experts experts = Experts.open(chosen, tiles);
        Trainer trainer = new Trainer(chosen, tiles, experts.byName(), folder, lengthen)) {
      System.out.printf(
          Locale.ROOT,
          "%d tiles, %d experts, %,d parameters, %d of %d steps done%n",
          tiles.size(),
          experts.byName().size(),
          trainer.parameterCount(),
          trainer.done(),
          chosen.totalSteps());
      if (probe != null) {
        trainer.evaluateEvery(
            evaluateEvery == null ? chosen.train().epochLength() : evaluateEvery,
            (done, teacher) -> probe.evaluate(teacher));
      }
      train(trainer, chosen.totalSteps(), folder);
      return trainer.done() == chosen.totalSteps();
    }
  }

  /** Trains so that a signal ends the run with a checkpoint, and says how it ended. */
  private void train(Trainer trainer, long total, Path folder) throws InterruptedException {
    ConsoleProgress progress = ConsoleProgress.create("steps");
    progress.started("distill", total, trainer.done());
    Interruption.stopBy(trainer::stop);
    try {
      List<Path> files = trainer.run(listener(progress));
      progress.finished();
      if (files.isEmpty()) {
        System.out.printf("stopped after step %d; run again to go on%n", trainer.done());
      } else {
        System.out.printf("%s%n%s%n", files.get(0), files.get(1));
      }
      System.out.println(folder.resolve("curves.html"));
    } finally {
      progress.finished();
      Interruption.stopByInterrupt();
    }
  }

  private static TrainingListener listener(ConsoleProgress progress) {
    return new TrainingListener() {
      @Override
      public void stepDone(long done, long total, StepResult result) {
        progress.advanced(done);
        progress.note(String.format(Locale.ROOT, "loss %.4f", result.totalReported()));
      }

      @Override
      public void evaluated(long done, Map<String, Double> figures) {
        LOG.info(
            "Teacher after step {}: {}",
            done,
            figures.entrySet().stream()
                .map(e -> String.format(Locale.ROOT, "%s %.4f", e.getKey(), e.getValue()))
                .collect(Collectors.joining(", ")));
      }
    };
  }
}
