package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.distill.expert.TokenCache;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code gpfm cache}: an expert's tokens of the training tiles, computed once. */
@Command(
    name = "cache",
    mixinStandardHelpOptions = true,
    description = {
      "Compute an expert's tokens of the tiles once, for gpfm distill:",
      "experts: {uni: {kind: cache, path: FILE, …}}. Give both commands the same --data."
    })
final class CacheCommand implements Callable<Integer> {
  @Mixin private TrainingTiles data;
  @Mixin private EncoderOptions expert;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE.safetensors",
      description = "The cache.")
  private Path out;

  @Option(
      names = "--class-only",
      description = "Leave patch tokens out, which are most of the file.")
  private boolean classOnly;

  @Override
  public Integer call() {
    try (TileDataset tiles = data.open();
        Encoder encoder = expert.openForWholeTiles()) {
      boolean patches = !classOnly && encoder.info().patchSize() > 0;
      TokenCache.write(out, tiles, encoder, patches, ConsoleProgress.create("tiles"));
      System.out.printf(
          Locale.ROOT,
          "%s: %s of %d tiles, %d values each%n",
          out,
          patches ? "class and patch tokens" : "class tokens",
          tiles.size(),
          encoder.info().dimension());
      return 0;
    }
  }
}
