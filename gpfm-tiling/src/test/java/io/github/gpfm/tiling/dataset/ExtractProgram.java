package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.SyntheticSlide;
import io.github.gpfm.tiling.grid.GridTiler;
import io.github.gpfm.tiling.qc.TileQuality;
import io.github.gpfm.tiling.qc.TileScore;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.SegmentationParameters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Extracts tiles of synthetic slides in a process of its own, so that it can be killed. */
public final class ExtractProgram {
  static final List<Path> SLIDES =
      List.of(Path.of("slide.0.tif"), Path.of("slide.1.tif"), Path.of("slide.2.tif"));

  private ExtractProgram() {}

  static Slide open(Path path) {
    int number = path.toString().charAt(6) - '0';
    SyntheticSlide.Painter discs =
        SyntheticSlide.discs(700 + 100 * number, 1500, 1500 + 200L * number);
    return new SyntheticSlide(
        4096, 4096, 0.5, (x, y) -> discs.rgb(x, y) ^ (int) (x * 31 + y * 17 >> 4 & 7), 1, 8);
  }

  static ExtractOptions options() {
    return ExtractOptions.builder(
            new TileRecipe(
                new ClamSegmenter(SegmentationParameters.OFFICIAL.withAreas(1, 1, 8)),
                GridTiler.atMpp(256, 0.5),
                new TileQuality(List.of(TileScore.BLUR, TileScore.WHITE), List.of())))
        .shardSize(7)
        .threads(2)
        .build();
  }

  /**
   * Starts it.
   *
   * @param delay milliseconds that every step takes longer, so that there is time to kill it
   */
  static Process start(Path out, int delay) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            ExtractProgram.class.getName(),
            out.toString(),
            Integer.toString(delay))
        .inheritIO()
        .start();
  }

  /**
   * @param arguments folder, delay
   */
  public static void main(String[] arguments) {
    int delay = Integer.parseInt(arguments[1]);
    ProgressListener slow =
        new ProgressListener() {
          @Override
          public void advanced(long done) {
            try {
              Thread.sleep(delay);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        };
    new TileExtractor(options(), ExtractProgram::open).extract(SLIDES, Path.of(arguments[0]), slow);
  }
}
