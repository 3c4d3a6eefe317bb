package io.github.gpfm.distill.run;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.WeightsException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.distill.config.RecipeConfig.Standardize;
import io.github.gpfm.distill.data.BatchLoader;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.ExpertTokens;
import io.github.gpfm.distill.expert.Standardizer;
import io.github.gpfm.distill.expert.TokenStatistics;
import io.github.gpfm.encoder.weights.Safetensors;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.Decision;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the experts about the run's first tiles and finds how their tokens are to be standardized.
 * The result is kept in {@code standardization.safetensors}, so that a run that goes on does not
 * repeat the pass, and learns from the very same tokens.
 */
final class FirstPass {
  static final String FILE = "standardization.safetensors";

  private static final Logger LOG = LoggerFactory.getLogger(FirstPass.class);

  private FirstPass() {}

  /**
   * The standardizer of a run: that of its folder if it is of this run, else a new one.
   *
   * @param entries the run's recipe
   */
  static Standardizer standardizer(
      DistillConfig config,
      TileDataset tiles,
      Map<String, Expert> experts,
      Path folder,
      Map<String, String> entries) {
    if (config.recipe().standardize() == Standardize.NONE || config.experts().isEmpty()) {
      return Standardizer.none();
    }
    Path file = folder.resolve(FILE);
    if (Files.exists(file)) {
      try {
        WeightFile kept = WeightFile.open(file);
        Decision decision =
            Decision.of(Recipe.of(entries), true, Optional.of(Recipe.of(kept.metadata())));
        if (decision.kind() == Decision.Kind.SAME) {
          return Standardizer.of(kept.tensors());
        }
        LOG.warn("Making {} again: {}", file, decision.describe());
      } catch (WeightsException e) {
        LOG.warn("Making it again: {}", e.getMessage());
      }
    }
    Standardizer made = make(config, tiles, experts);
    Safetensors.write(file, made.tensors(), entries);
    return made;
  }

  private static Standardizer make(
      DistillConfig config, TileDataset tiles, Map<String, Expert> experts) {
    int batch = config.train().batch();
    int steps = (config.recipe().standardizeTiles() + batch - 1) / batch;
    LOG.info("Asking the experts about {} tiles, to standardize their tokens", steps * batch);
    try (BatchLoader loader = new BatchLoader(config, tiles, 0);
        TokenStatistics statistics = new TokenStatistics()) {
      for (int step = 0; step < steps; step++) {
        for (CropBatch shard : loader.next()) {
          config.experts().forEach((name, expert) -> add(statistics, name, expert, experts, shard));
        }
      }
      return statistics.standardizer(config.recipe().standardize());
    }
  }

  private static void add(
      TokenStatistics statistics,
      String name,
      ExpertConfig expert,
      Map<String, Expert> experts,
      CropBatch shard) {
    if (expert.classWeight() == 0 && expert.patchWeight() == 0) {
      return;
    }
    Expert model = Objects.requireNonNull(experts.get(name), name);
    ExpertTokens tokens = model.tokens(shard, expert.patchWeight() > 0);
    if (expert.normalize()) {
      tokens = tokens.normalized();
    }
    if (expert.classWeight() > 0) {
      statistics.addClasses(name, tokens);
    }
    if (expert.patchWeight() > 0) {
      statistics.addPatches(name, tokens);
    }
  }
}
