package io.github.gpfm.examples;

import io.github.gpfm.tiling.qc.TileLimit;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many of a slide's tiles are kept; the same in every command. */
final class SamplingOptions {
  @Option(
      names = "--max-tiles",
      paramLabel = "N",
      description = "Keep at most N tiles of a slide, chosen at random (default: all).")
  private @Nullable Integer maxTiles;

  @Option(
      names = "--stratify-by",
      paramLabel = "SCORE",
      description = {
        "With --max-tiles: the same number from each of 10 equally large groups of tiles in the"
            + " order of a score of --qc or tissue_fraction."
      })
  private @Nullable String stratifyBy;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of every random choice of tiles (default 0).")
  private long seed;

  long seed() {
    return seed;
  }

  TileLimit limit() {
    // The seed of no choice must not make two runs differ.
    return maxTiles == null && stratifyBy == null
        ? TileLimit.NONE
        : new TileLimit(
            maxTiles == null ? OptionalInt.empty() : OptionalInt.of(maxTiles),
            Optional.ofNullable(stratifyBy),
            seed);
  }
}
