package io.github.gpfm.distill.expert;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.ExpertConfig;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.catalog.Encoders;
import io.github.gpfm.encoder.catalog.ModelChoice;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Opens the experts a configuration names. */
public final class Experts implements AutoCloseable {
  private final Map<String, Expert> byName;

  private Experts(Map<String, Expert> byName) {
    this.byName = byName;
  }

  /**
   * Opens every expert, on the default device.
   *
   * @param tiles the run's tiles, for token caches
   * @throws InvalidOptionException if an expert has no path or is to be given by a program
   * @throws io.github.gpfm.api.GpfmException if its file cannot be opened
   */
  public static Experts open(DistillConfig config, TileDataset tiles) {
    Map<String, Expert> opened = new LinkedHashMap<>();
    Experts experts = new Experts(opened);
    try {
      config
          .experts()
          .forEach((name, expert) -> opened.put(name, open(name, expert, config, tiles)));
      return experts;
    } catch (RuntimeException e) {
      experts.close();
      throw e;
    }
  }

  /** The experts by name, in the configuration's order. */
  public Map<String, Expert> byName() {
    return Collections.unmodifiableMap(byName);
  }

  @Override
  public void close() {
    byName.values().forEach(Expert::close);
  }

  private static Expert open(
      String name, ExpertConfig expert, DistillConfig config, TileDataset tiles) {
    if (expert.path().isEmpty()) {
      throw new InvalidOptionException(
          "Expert '%s' has no file; give experts.%s.path, or leave the expert out."
              .formatted(name, name));
    }
    Path path = Path.of(expert.path());
    return switch (expert.kind()) {
      case CATALOGUE -> new EncoderExpert(listed(expert.model(), path), config.crops());
      case WEIGHTS -> new EncoderExpert(ownModel(path, config), config.crops());
      case TORCHSCRIPT ->
          new ScriptExpert(path, config.crops().globalSize(), Engines.defaultDevice());
      case CACHE -> new CachedExpert(path, tiles);
      case PROGRAM ->
          throw new InvalidOptionException(
              "Expert '%s' is of kind program, which only a Java program can give; use catalogue, weights, torchscript or cache."
                  .formatted(name));
    };
  }

  /** A model of the catalogue; its patch tokens are to lie over the whole crop. */
  private static GpfmEncoder listed(String name, Path weights) {
    return GpfmEncoder.builder()
        .model(Encoders.model(Encoders.find(name), weights).ofWholeImages())
        .build();
  }

  /** The model that a file is of, all crops of a shard at once. */
  private static GpfmEncoder ownModel(Path weights, DistillConfig config) {
    return GpfmEncoder.builder()
        .model(Encoders.model(ModelChoice.any(), weights).ofWholeImages())
        .batchSize(2 * config.train().batch() / config.train().shards())
        .build();
  }
}
