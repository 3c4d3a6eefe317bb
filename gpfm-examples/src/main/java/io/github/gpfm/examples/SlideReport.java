package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.pipeline.RunSummary;
import io.github.gpfm.pipeline.SlideResult;
import io.github.gpfm.support.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a run over slides prints when it is over, and its exit code. */
final class SlideReport {
  private SlideReport() {}

  /**
   * Prints a line a slide: results on standard output, failures on standard error.
   *
   * @param summary the run
   * @param stacktrace whether failures are followed by their stack traces
   * @return 0; 1 if a slide failed; 2 if slides failed only by options that do not fit them
   */
  static int print(RunSummary summary, boolean stacktrace) {
    int exit = 0;
    for (SlideResult slide : summary.slides()) {
      switch (slide.status()) {
        case DONE -> {
          slide.remark().ifPresent(remark -> say(slide.file().orElseThrow() + ": " + remark));
          done(slide).forEach(SlideReport::say);
        }
        case BUSY ->
            say(
                slide.slide()
                    + ": passed over, "
                    + slide.remark().orElse("another run")
                    + " is making it");
        case SKIPPED ->
            say(
                slide.file().orElseThrow()
                    + ": there already, skipped (--overwrite makes it again)");
        case EMPTY ->
            say(
                slide.slide()
                    + ": no tile lies on tissue"
                    + " (lower --a-t or choose another --segmenter if there is tissue)");
        case FAILED -> {
          Throwable failure = slide.failure().orElseThrow();
          System.err.println(Failures.describe(failure));
          if (stacktrace) {
            failure.printStackTrace();
          }
          boolean usage = failure instanceof InvalidOptionException;
          exit = exit == 1 || !usage ? 1 : 2;
        }
      }
    }
    if (summary.slides().size() > 1) {
      System.out.printf(
          Locale.ROOT,
          "%d slides: %d done, %d skipped, %s%d without tissue, %d failed; %d tiles in %.1f s%n",
          summary.slides().size(),
          summary.count(SlideResult.Status.DONE),
          summary.count(SlideResult.Status.SKIPPED),
          passedOver(summary),
          summary.count(SlideResult.Status.EMPTY),
          summary.count(SlideResult.Status.FAILED),
          summary.tiles(),
          summary.seconds());
    }
    return exit;
  }

  /** One line, whatever a slide is called. */
  private static void say(String line) {
    System.out.println(Printable.of(line));
  }

  private static String passedOver(RunSummary summary) {
    long busy = summary.count(SlideResult.Status.BUSY);
    return busy == 0 ? "" : busy + " passed over (other runs are making them), ";
  }

  private static List<String> done(SlideResult slide) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(slide.file().orElseThrow().toString());
    if (slide.dimension() > 0) {
      line.append(": features [").append(slide.tiles()).append(", ");
      if (slide.patches() > 0) {
        line.append(slide.patches()).append(", ");
      }
      line.append(slide.dimension());
      line.append(String.format(Locale.ROOT, "] float32, %.1f tiles/s", slide.tilesPerSecond()));
    } else {
      line.append(": coords [").append(slide.tiles());
      line.append(String.format(Locale.ROOT, ", 2] int64, %.1f s", slide.totalSeconds()));
    }
    lines.add(line.toString());
    for (Path output : slide.outputs().subList(1, slide.outputs().size())) {
      lines.add(output.toString());
    }
    return lines;
  }
}
