package io.github.gpfm.examples;

import io.github.gpfm.sample.SyntheticSlide;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpfm sample}: a synthetic slide and its truth. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description = {
      "Write a synthetic H&E-like pyramidal slide whose tissue is known.",
      "Beside F.tif: F-mask.png, F-labels.png, F-labels.json and F-outlines.geojson."
    })
final class SampleCommand implements Callable<Integer> {
  @Option(names = "--out", required = true, paramLabel = "F.tif", description = "The slide.")
  private Path out;

  @Option(names = "--seed", defaultValue = "1", description = "Chooses the slide (default 1).")
  private long seed;

  @Option(names = "--width", defaultValue = "6144", description = "Pixels (default 6144).")
  private int width;

  @Option(names = "--height", defaultValue = "5120", description = "Pixels (default 5120).")
  private int height;

  @Option(
      names = "--mpp",
      defaultValue = "0.25",
      description = "Resolution the file states, um/px (default 0.25).")
  private double mpp;

  @Option(
      names = "--compression",
      defaultValue = "jpeg",
      description = "Tiles: jpeg or deflate (default jpeg).")
  private SyntheticSlide.Compression compression;

  @Override
  public Integer call() {
    SyntheticSlide slide = new SyntheticSlide(seed, width, height, mpp, compression);
    SyntheticSlide.Written written = slide.write(out, ConsoleProgress.create("rows"));
    System.out.printf(Locale.ROOT, "%s: %dx%d px, %s um/px%n", written.slide(), width, height, mpp);
    System.out.println("truth: " + written.mask() + " " + written.labels());
    return 0;
  }
}
