package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.data.BatchLoader;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.run.Trainer;
import io.github.gpfm.encoder.GpfmEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains and measures the students. Nothing here is chosen by looking at the held-out tissue. */
final class Miniature {
  private static final int TILE = 168;
  private static final int STRIDE = 84;
  private static final int EXAMPLES = 128;

  private final DistillConfig shared;
  private final Path out;
  private final List<Ground> grounds;
  private final ProgressListener progress;

  /** What is trained and measured on, and the experts trained there. */
  private record Ground(TissueTiles tiles, NetworkExperts networks, List<HeldOut> heldOut) {}

  /**
   * @param data a folder with {@code images}, {@code slides} (to train on) and {@code patches} (a
   *     folder of classes each, to measure on)
   * @param shared configuration of all students, experts included
   * @param validate whether to leave pictures out and measure on those instead
   */
  Miniature(
      Path data, DistillConfig shared, boolean validate, Path out, ProgressListener progress) {
    this.shared = shared;
    this.out = out;
    this.progress = progress;
    Path images = data.resolve("images");
    Path slides = data.resolve("slides");
    TissueTiles tiles = TissueTiles.cut(images, slides, TILE, STRIDE);
    if (!validate) {
      grounds = List.of(ground(tiles, "networks", HeldOut.all(data.resolve("patches"))));
      return;
    }
    TissueTiles small = TissueTiles.cut(images, slides, Validation.TILE, Validation.TILE);
    grounds = new ArrayList<>();
    for (int fold = 0; fold < 2; fold++) {
      List<String> leftOut = Validation.leftOut(tiles.pictures(), fold);
      grounds.add(
          ground(
              tiles.only(picture -> !leftOut.contains(picture)),
              "networks-" + fold,
              Validation.sets(small.only(leftOut::contains))));
    }
  }

  private Ground ground(TissueTiles tiles, String experts, List<HeldOut> heldOut) {
    return new Ground(
        tiles, new NetworkExperts(shared, tiles, out.resolve(experts), progress), heldOut);
  }

  /** Validation goes through its folds by seed. */
  private Ground ground(long seed) {
    return grounds.size() == 1 ? grounds.get(0) : grounds.get(Validation.fold(seed));
  }

  /** What is trained and measured on, a line each. */
  List<String> described() {
    List<String> lines = new ArrayList<>();
    for (Ground ground : grounds) {
      lines.add(
          "%d training tiles from %d files"
              .formatted(ground.tiles().size(), ground.tiles().sources().size()));
      for (HeldOut set : ground.heldOut()) {
        lines.add(
            "%s: %d tiles of %d classes"
                .formatted(set.name(), set.images().size(), set.classes().size()));
      }
    }
    return lines;
  }

  private Path folder(Students student, long seed) {
    return out.resolve("%s-%d".formatted(student.key(), seed));
  }

  private Path weights(Students student, long seed) {
    return folder(student, seed).resolve("teacher.safetensors");
  }

  /** Trains one student, as far as that has not been done with the same tiles and experts. */
  private void train(Students student, long seed) {
    DistillConfig config = student.config(shared, seed);
    Ground ground = ground(seed);
    Map<String, Expert> experts = experts(config, ground);
    try (Trainer trainer = new Trainer(config, ground.tiles(), experts, folder(student, seed))) {
      boolean trained = student == Students.NONE || trainer.done() >= config.totalSteps();
      if (trained && Files.exists(weights(student, seed)) && trainer.isResumed()) {
        return;
      }
      if (student == Students.NONE) {
        // What tells a later comparison that these weights are of the same configuration.
        trainer.save();
        trainer.export("teacher");
      } else {
        progress.started(student.title() + ", seed " + seed, config.totalSteps(), trainer.done());
        trainer.run((done, total, result) -> progress.advanced(done));
        progress.finished();
      }
    } finally {
      experts.values().forEach(Expert::close);
    }
  }

  /** Scores of one student on every held-out set, {@link HeldOut#MEASURES} each. */
  private Map<String, double[]> measure(Path weights, long seed) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    try (GpfmEncoder encoder = GpfmEncoder.builder().weights(weights).batchSize(32).build()) {
      for (HeldOut set : ground(seed).heldOut()) {
        scores.put(set.name(), set.scores(encoder, seed));
      }
    }
    return scores;
  }

  /** The students with all seeds. */
  Comparison compare(Collection<Students> students, int seeds) {
    // All training first: an interrupted comparison goes on where it stopped.
    for (int seed = 1; seed <= seeds; seed++) {
      for (Students student : students) {
        train(student, seed);
      }
    }
    List<Comparison.Row> rows = new ArrayList<>();
    for (int seed = 1; seed <= seeds; seed++) {
      for (Students student : students) {
        rows.add(new Comparison.Row(student, seed, measure(weights(student, seed), seed)));
      }
    }
    return new Comparison(rows);
  }

  private Map<String, Expert> experts(DistillConfig config, Ground ground) {
    Map<String, Expert> experts = new LinkedHashMap<>();
    CropBatch examples = null;
    for (Map.Entry<String, ExpertConfig> entry : config.experts().entrySet()) {
      String name = entry.getKey();
      String model = entry.getValue().model();
      if (NetworkExperts.has(model)) {
        experts.put(name, ground.networks().open(model, config.crops()));
        continue;
      }
      CellExpert.Measure measure = measure(name, model);
      if (examples == null) {
        examples = examples(config, ground.tiles());
      }
      experts.put(name, CellExpert.of(measure, examples));
    }
    return experts;
  }

  private static CellExpert.Measure measure(String name, String model) {
    return switch (model) {
      case "stain" -> new Measures.Stain();
      case "texture" -> new Measures.Texture();
      case "nuclei" -> new Measures.Nuclei();
      default ->
          throw new InvalidOptionException(
              "Expert '%s' asks for the model '%s', which the miniature does not have."
                  .formatted(name, model));
    };
  }

  /** Any crops of the kind the student sees do for standardising; these are of a fixed seed. */
  private CropBatch examples(DistillConfig config, TissueTiles tiles) {
    DistillConfig example =
        DistillConfigs.with(
            config, Map.of("train.batch", String.valueOf(EXAMPLES), "train.seed", "0"));
    try (BatchLoader loader = new BatchLoader(example, tiles, 0)) {
      return loader.next().get(0);
    }
  }
}
