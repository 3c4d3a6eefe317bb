package io.github.gpfm.examples;

import io.github.gpfm.tiling.qc.TileScore;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** How tiles are judged and which are kept; the same in every command. */
final class QualityOptions {
  @Option(
      names = "--qc",
      split = ",",
      paramLabel = "SCORE",
      description =
          "Quality scores to compute beside tissue_fraction: blur, white, pen, fold;"
              + " comma-separated.")
  private List<String> scores = new ArrayList<>();

  @Option(
      names = "--filter",
      paramLabel = "TEST",
      description =
          "Keep tiles that pass, for instance 'tissue_fraction>=0.5' or 'pen<=0.02'; may be"
              + " repeated.")
  private List<String> filters = new ArrayList<>();

  List<TileScore> scores() {
    return scores.stream().map(TileScore::of).toList();
  }

  List<String> filters() {
    return List.copyOf(filters);
  }
}
