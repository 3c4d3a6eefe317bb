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
import io.github.gpfm.examples.miniature.TissueTiles.Part;
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
  private final TissueTiles tiles;
  private final NetworkExperts networks;
  private final List<HeldOut> heldOut;
  private final ProgressListener progress;

  /**
   * @param data a folder with {@code images}, {@code slides} (to train on) and {@code patches} (a
   *     folder of classes each, to measure on)
   * @param shared configuration of all students, experts included
   * @param validate whether to train on left halves only and measure on the right ones instead
   */
  Miniature(
      Path data, DistillConfig shared, boolean validate, Path out, ProgressListener progress) {
    this.shared = shared;
    this.out = out;
    this.progress = progress;
    Path images = data.resolve("images");
    Path slides = data.resolve("slides");
    TissueTiles left = TissueTiles.cut(images, slides, Part.LEFT, TILE, STRIDE);
    tiles = validate ? left : TissueTiles.cut(images, slides, Part.WHOLE, TILE, STRIDE);
    // The experts never see right halves, so that they may be used for choosing as well.
    networks = new NetworkExperts(shared, left, out.resolve("experts"), progress);
    heldOut =
        validate
            ? Validation.sets(
                TissueTiles.cut(images, slides, Part.RIGHT, Validation.TILE, Validation.TILE))
            : HeldOut.all(data.resolve("patches"));
  }

  /** Number of training tiles. */
  int tileCount() {
    return tiles.size();
  }

  /** Files the students see. */
  List<String> sources() {
    return tiles.sources();
  }

  /** What is measured on. */
  List<HeldOut> heldOut() {
    return heldOut;
  }

  private Path folder(Students student, long seed) {
    return out.resolve("%s-%d".formatted(student.key(), seed));
  }

  private Path weights(Students student, long seed) {
    return folder(student, seed).resolve("teacher.safetensors");
  }

  /** Trains one student, unless that has been done. */
  private void train(Students student, long seed) {
    if (Files.exists(weights(student, seed))) {
      return;
    }
    DistillConfig config = student.config(shared, seed);
    Map<String, Expert> experts = experts(config);
    try (Trainer trainer = new Trainer(config, tiles, experts, folder(student, seed))) {
      if (student == Students.NONE) {
        trainer.export("teacher");
      } else {
        progress.started(student.title() + ", seed " + seed, config.totalSteps());
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
      for (HeldOut set : heldOut) {
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

  private Map<String, Expert> experts(DistillConfig config) {
    Map<String, Expert> experts = new LinkedHashMap<>();
    for (Map.Entry<String, ExpertConfig> entry : config.experts().entrySet()) {
      String model = entry.getValue().model();
      experts.put(
          entry.getKey(),
          NetworkExperts.has(model)
              ? networks.open(model, config.crops())
              : CellExpert.of(measure(entry.getKey(), model), examples(config)));
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
  private CropBatch examples(DistillConfig config) {
    DistillConfig example =
        DistillConfigs.with(
            config, Map.of("train.batch", String.valueOf(EXAMPLES), "train.seed", "0"));
    try (BatchLoader loader = new BatchLoader(example, tiles, 0)) {
      return loader.next().get(0);
    }
  }
}
