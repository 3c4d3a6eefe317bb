package io.github.gpfm.examples.programs;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.pipeline.RunSummary;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import io.github.gpfm.pipeline.TilingPlan;
import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import io.github.gpfm.tiling.segment.TilingPreset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every slide of a folder by the parameters published for TCGA, resumed where it was left; the
 * slides that fail are named at the end.
 */
public final class Batch {
  private Batch() {}

  /**
   * @param args folder of slides, weights, folder of results
   */
  public static void main(String[] args) throws IOException {
    List<SlideInput> slides;
    try (Stream<Path> files = Files.list(Path.of(args[0]))) {
      slides = files.filter(Files::isRegularFile).sorted().map(SlideInput::of).toList();
    }
    TilingPreset preset = TilingPreset.TCGA;
    TilingPlan plan =
        new TilingPlan(
            new ClamSegmenter(preset.segmentation()),
            new ClamTiler(0, 512, 512, preset.usePadding(), preset.contourTest()));
    ProgressListener progress =
        new ProgressListener() {
          @Override
          public void started(String stage, long total) {
            System.out.println(stage + ": " + total + " tiles");
          }
        };
    try (Encoder encoder = GpfmEncoder.builder().weights(Path.of(args[1])).build()) {
      RunSummary summary =
          SlideToFeatures.builder()
              .encoder(encoder)
              .plan(plan)
              .output(Path.of(args[2]))
              .progress(progress)
              .build()
              .run(slides);
      System.out.printf("%d tiles in %.0f s%n", summary.tiles(), summary.seconds());
      for (SlideResult slide : summary.slides()) {
        slide.failure().ifPresent(e -> System.out.println("failed: " + e.getMessage()));
      }
    }
  }
}
