package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BatchLoader;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.run.Trainer;
import io.github.gpfm.encoder.GpfmEncoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Trains and measures the students. Nothing here is chosen by looking at the held-out tissue. */
final class Miniature {
  private static final int TILE = 168;
  private static final int STRIDE = 84;
  private static final int EXAMPLES = 128;

  private final String base;
  private final int epochs;
  private final Path out;
  private final TissueTiles tiles;
  private final List<HeldOut> heldOut;
  private final ProgressListener progress;

  /**
   * @param data a folder with {@code images}, {@code slides} (to train on) and {@code patches} (a
   *     folder of classes each, to measure on)
   * @param base preset or file that the students share
   */
  Miniature(Path data, String base, int epochs, Path out, ProgressListener progress) {
    this.base = base;
    this.epochs = epochs;
    this.out = out;
    this.progress = progress;
    tiles = TissueTiles.cut(data.resolve("images"), data.resolve("slides"), TILE, STRIDE);
    heldOut = HeldOut.all(data.resolve("patches"));
  }

  /** Number of training tiles. */
  int tileCount() {
    return tiles.size();
  }

  /** Files the students see. */
  List<String> sources() {
    return tiles.sources();
  }

  /** Trains one student; returns the exported backbone. */
  Path train(Students student, long seed) {
    Path folder = out.resolve("%s-%d".formatted(student.key(), seed));
    DistillConfig config = student.config(base, epochs, seed);
    Map<String, Expert> experts = config.experts().isEmpty() ? Map.of() : experts(config);
    try (Trainer trainer = new Trainer(config, tiles, experts, folder)) {
      if (student == Students.NONE) {
        trainer.export("teacher");
      } else {
        progress.started(student.title() + ", seed " + seed, config.totalSteps());
        trainer.run((done, total, result) -> progress.advanced(done));
        progress.finished();
      }
    }
    return folder.resolve("teacher.safetensors");
  }

  /** Scores of one student on every held-out set, {@link HeldOut#MEASURES} each. */
  Map<String, double[]> measure(Path weights, long seed) {
    Map<String, double[]> scores = new LinkedHashMap<>();
    try (GpfmEncoder encoder = GpfmEncoder.builder().weights(weights).batchSize(32).build()) {
      for (HeldOut set : heldOut) {
        scores.put(set.name(), set.scores(encoder, seed));
      }
    }
    return scores;
  }

  /** All students with all seeds. */
  Comparison compare(int seeds) {
    List<Comparison.Row> rows = new ArrayList<>();
    for (Students student : Students.values()) {
      for (int seed = 1; seed <= seeds; seed++) {
        Path weights = train(student, seed);
        rows.add(new Comparison.Row(student, seed, measure(weights, seed)));
      }
    }
    return new Comparison(rows);
  }

  private Map<String, Expert> experts(DistillConfig config) {
    // Any crops of the kind the student sees do for standardising; these are of a fixed seed.
    DistillConfig example =
        DistillConfigs.with(
            config, Map.of("train.batch", String.valueOf(EXAMPLES), "train.seed", "0"));
    CropBatch crops;
    try (BatchLoader loader = new BatchLoader(example, tiles, 0)) {
      crops = loader.next().get(0);
    }
    return Map.of(
        "stain", CellExpert.of(new Measures.Stain(), crops),
        "texture", CellExpert.of(new Measures.Texture(), crops),
        "nuclei", CellExpert.of(new Measures.Nuclei(), crops));
  }
}
