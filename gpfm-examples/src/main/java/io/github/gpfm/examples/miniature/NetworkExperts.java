package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.distill.config.CropsConfig;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.EncoderExpert;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.run.Trainer;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Experts that are networks, trained here by self-distillation for longer than the students, each
 * with other augmentations and so with other strengths.
 */
final class NetworkExperts {
  private static final int EPOCHS = 12;

  private static final Map<String, Map<String, String>> STRENGTHS =
      Map.of(
          // Keeps the colours apart.
          "colour-network",
          Map.of("crops.colour", "0.0", "crops.solarize", "false", "crops.stain-jitter", "0.0"),
          // Blind to the stain: learns what lies where.
          "shape-network",
          Map.of("crops.colour", "1.0", "crops.stain-jitter", "0.3"));

  private final DistillConfig shared;
  private final TileDataset tiles;
  private final Path folder;
  private final ProgressListener progress;

  /**
   * @param shared configuration the students share
   * @param tiles what the experts are trained on
   * @param folder of their runs
   */
  NetworkExperts(DistillConfig shared, TileDataset tiles, Path folder, ProgressListener progress) {
    this.shared = shared;
    this.tiles = tiles;
    this.folder = folder;
    this.progress = progress;
  }

  static boolean has(String name) {
    return STRENGTHS.containsKey(name);
  }

  /** Opens an expert; trains it first as far as that has not been done on the same tiles. */
  Expert open(String name, CropsConfig crops) {
    Path weights = folder.resolve(name).resolve("teacher.safetensors");
    train(name);
    return new EncoderExpert(GpfmEncoder.builder().weights(weights).batchSize(64).build(), crops);
  }

  private void train(String name) {
    Map<String, String> changes = new LinkedHashMap<>(STRENGTHS.get(name));
    changes.put("experts", "{}");
    changes.put("train.seed", "0");
    changes.put("optim.epochs", String.valueOf(EPOCHS));
    DistillConfig config = DistillConfigs.with(shared, changes);
    try (Trainer trainer = new Trainer(config, tiles, Map.of(), folder.resolve(name))) {
      if (trainer.done() >= config.totalSteps()
          && Files.exists(folder.resolve(name).resolve("teacher.safetensors"))) {
        return;
      }
      progress.started("expert " + name, config.totalSteps(), trainer.done());
      trainer.run((done, total, result) -> progress.advanced(done));
      progress.finished();
    }
  }
}
