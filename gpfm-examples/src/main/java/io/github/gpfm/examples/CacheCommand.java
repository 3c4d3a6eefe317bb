package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.expert.CacheStorage;
import io.github.gpfm.distill.expert.TokenCache;
import io.github.gpfm.support.Decision;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
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

  @Option(
      names = "--bfloat16",
      description = "Keep tokens in bfloat16: half the size, eight bits of precision.")
  private boolean half;

  @Option(
      names = "--components",
      paramLabel = "N",
      defaultValue = "0",
      description = "Keep N principal components of each token (default: the whole token).")
  private int components;

  @Option(names = "--overwrite", description = "Make a finished cache again.")
  private boolean overwrite;

  @Override
  public Integer call() throws IOException {
    try (TileDataset tiles = data.open();
        Encoder encoder = expert.openForWholeTiles()) {
      boolean patches = !classOnly && encoder.info().patchSize() > 0;
      CacheStorage storage = new CacheStorage(half, components);
      Map<String, String> parameters = expert.parameters();
      if (!overwrite && isThere(TokenCache.recipe(tiles, encoder, patches, storage, parameters))) {
        System.out.println(out + ": there already, skipped (--overwrite makes it again)");
        return 0;
      }
      Map<String, Double> kept =
          TokenCache.write(
              out, tiles, encoder, patches, storage, parameters, ConsoleProgress.create("tiles"));
      System.out.printf(
          Locale.ROOT,
          "%s: %s of %d tiles, %,d bytes a tile%n",
          out,
          patches ? "class and patch tokens" : "class tokens",
          tiles.size(),
          Files.size(out) / tiles.size());
      kept.forEach(
          (tokens, share) ->
              System.out.printf(
                  Locale.ROOT,
                  "%s: %d components have %.1f %% of the squared length%n",
                  tokens,
                  components,
                  100 * share));
      return 0;
    }
  }

  /**
   * Whether the cache is there; says why it is made again, and refuses to replace what is not one.
   */
  private boolean isThere(Recipe wanted) {
    Decision decision = Decision.of(wanted, Files.exists(out), TokenCache.recipeOf(out));
    switch (decision.kind()) {
      case OTHER -> System.out.println(out + ": made again: " + decision.describe());
      case OLD, FOREIGN ->
          throw new OutputException(
              out
                  + (decision.kind() == Decision.Kind.OLD
                      ? " was made by a version up to 0.1.0, whose record does not name the expert"
                      : " is not a token cache")
                  + ": give --overwrite or another --out.");
      case ABSENT, SAME -> {}
    }
    return decision.kind() == Decision.Kind.SAME;
  }
}
