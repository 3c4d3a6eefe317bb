package io.github.gpfm.examples.programs;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.pipeline.SlideToFeatures;
import java.nio.file.Path;

/** A slide's features in five lines; the README shows them. */
public final class FiveLines {
  private FiveLines() {}

  /**
   * @param args slide and folder
   */
  public static void main(String[] args) {
    Path slide = Path.of(args[0]);
    Path folder = Path.of(args[1]);
    // README:begin
    try (Encoder encoder = GpfmEncoder.builder().build()) { // .weights(Path.of("GPFM.pth"))
      SlideToFeatures pipeline = SlideToFeatures.builder().encoder(encoder).output(folder).build();
      SlideResult result = pipeline.run(slide);
      System.out.println(result.status() + ": " + result.tiles() + " x " + result.dimension());
      result.file().ifPresent(System.out::println);
    }
    // README:end
  }
}
