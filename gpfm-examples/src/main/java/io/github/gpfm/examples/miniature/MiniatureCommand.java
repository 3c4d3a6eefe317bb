package io.github.gpfm.examples.miniature;

import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.ProgressListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code gpfm miniature}: the paper's comparison on a handful of pictures. */
@Command(
    name = "miniature",
    mixinStandardHelpOptions = true,
    description = {
      "Train four small students (untrained, self only, experts only, experts + self) and compare",
      "them on labelled tissue they have not seen. Writes miniature.md and miniature.png."
    })
public final class MiniatureCommand implements Callable<Integer> {
  @Option(
      names = "--data",
      required = true,
      paramLabel = "DIR",
      description = "Holds images/ and slides/ to train on, patches/SET/CLASS/*.png to measure on.")
  private Path data;

  @Option(names = "--out", required = true, paramLabel = "DIR", description = "Runs and report.")
  private Path out;

  @Option(
      names = "--config",
      defaultValue = "tiny",
      description = "What the students share (default tiny).")
  private String config;

  @Option(names = "--seeds", defaultValue = "3", description = "Runs of each (default 3).")
  private int seeds;

  @Option(names = "--epochs", defaultValue = "3", description = "Length of a run (default 3).")
  private int epochs;

  @Override
  public Integer call() {
    try {
      Files.createDirectories(out);
      Miniature miniature = new Miniature(data, config, epochs, out, lines());
      System.out.printf(
          "%d training tiles from %d files%n", miniature.tileCount(), miniature.sources().size());
      Comparison comparison = miniature.compare(seeds);
      Files.writeString(out.resolve("miniature.md"), comparison.markdown());
      Plot.write(comparison, out.resolve("miniature.png"));
      System.out.print(comparison.markdown());
      return 0;
    } catch (IOException e) {
      throw new OutputException(
          "'%s' cannot be written (%s); choose another --out.".formatted(out, e.getMessage()), e);
    }
  }

  private static ProgressListener lines() {
    return new ProgressListener() {
      private String stage = "";
      private long total;

      @Override
      public void started(String name, long units) {
        stage = name;
        total = units;
      }

      @Override
      public void advanced(long done) {
        if (done % 50 == 0) {
          System.err.printf("%s: %d/%d steps%n", stage, done, total);
        }
      }
    };
  }
}
