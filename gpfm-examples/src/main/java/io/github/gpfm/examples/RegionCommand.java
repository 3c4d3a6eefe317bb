package io.github.gpfm.examples;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.picture.ImageFiles;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code gpfm region}: pixels of a slide as PNG. */
@Command(
    name = "region",
    mixinStandardHelpOptions = true,
    description = {
      "Write a region of a slide as PNG (RGBA, transparent outside the slide).",
      "X and Y are level-0 pixels and may be negative; W and H are pixels of LEVEL."
    })
final class RegionCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "SLIDE", description = "A slide file or folder.")
  private Path slide;

  @Parameters(index = "1", paramLabel = "X", description = "Left edge, level-0 pixels.")
  private long x;

  @Parameters(index = "2", paramLabel = "Y", description = "Top edge, level-0 pixels.")
  private long y;

  @Parameters(index = "3", paramLabel = "LEVEL", description = "Level to read, from 0.")
  private int level;

  @Parameters(index = "4", paramLabel = "W", description = "Width, pixels of the level.")
  private int width;

  @Parameters(index = "5", paramLabel = "H", description = "Height, pixels of the level.")
  private int height;

  @Option(names = "--out", required = true, paramLabel = "F.png", description = "The picture.")
  private Path out;

  @Mixin private ReaderOptions readerOptions;

  @Override
  public Integer call() {
    if (!out.toString().toLowerCase(Locale.ROOT).endsWith(".png")) {
      throw new InvalidOptionException(
          "The region is written as PNG: --out must end in .png, unlike " + out + ".");
    }
    if (width < 1 || height < 1 || (long) width * height > 1L << 28) {
      throw new InvalidOptionException(
          "W and H must be 1 or more and W times H at most "
              + (1 << 28)
              + " pixels, not "
              + width
              + " and "
              + height
              + ".");
    }
    try (Slide open = readerOptions.open(slide)) {
      int levels = open.levels().size();
      if (level < 0 || level >= levels) {
        throw new InvalidOptionException(
            "LEVEL "
                + level
                + " does not exist in "
                + slide
                + (levels == 1
                    ? ": its only level is 0."
                    : ": its levels are 0 to " + (levels - 1) + "."));
      }
      BufferedImage region = open.readRegion(x, y, level, width, height);
      ImageFiles.writePng(out, region);
    }
    System.out.println(out);
    return 0;
  }
}
