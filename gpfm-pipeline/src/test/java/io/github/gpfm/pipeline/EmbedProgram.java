package io.github.gpfm.pipeline;

import io.github.gpfm.tiling.grid.ClamTiler;
import io.github.gpfm.tiling.grid.ContourTest;
import io.github.gpfm.tiling.segment.ClamSegmenter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A process that embeds all slides of a folder: folder, output, weights, milliseconds a batch. */
final class EmbedProgram {
  static final TilingPlan PLAN =
      new TilingPlan(
          new ClamSegmenter(TilingPlan.DEFAULT_SEGMENTATION.withAreas(0.05, 1, 8)),
          new ClamTiler(0, 96, 96, true, ContourTest.FOUR_PT));

  private EmbedProgram() {}

  public static void main(String[] args) {
    RunSummary summary =
        run(Path.of(args[0]), Path.of(args[1]), args[2], Integer.parseInt(args[3]));
    for (SlideResult slide : summary.slides()) {
      System.out.println(slide.name() + " " + slide.status());
    }
    System.exit(summary.count(SlideResult.Status.FAILED) == 0 ? 0 : 1);
  }

  static RunSummary run(Path slides, Path out, String weights, int millis) {
    return SlideToFeatures.builder()
        .encoder(new MeanColor(weights, millis))
        .plan(PLAN)
        .output(out)
        .build()
        .run(inputs(slides));
  }

  static List<SlideInput> inputs(Path slides) {
    try (Stream<Path> files = Files.list(slides)) {
      return files
          .filter(file -> file.toString().endsWith(".tif"))
          .sorted()
          .map(SlideInput::of)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Process start(Path slides, Path out, String weights, int millis, Path log)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx256m", "-Djava.awt.headless=true"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(EmbedProgram.class.getName());
    command.addAll(List.of(slides.toString(), out.toString(), weights, "" + millis));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
        .start();
  }
}
