package io.github.gpfm.benchmarks;

import io.github.gpfm.api.Slide;
import io.github.gpfm.slideio.Slides;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Random 512 x 512 level-0 reads a second through each reader, with one and two threads. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SlideReads {
  private static final int EDGE = 512;

  /** The reader. */
  @Param({"openslide", "builtin"})
  public String reader = "";

  /** The slide's path. */
  @Param("")
  public String slide = "";

  private @Nullable Slide open;

  /** Where a thread reads next. */
  @State(Scope.Thread)
  public static class Position {
    private final SplittableRandom random = new SplittableRandom(1);
  }

  /** For JMH. */
  public SlideReads() {}

  /** Opens the slide. */
  @Setup
  public void open() {
    open = Slides.open(Path.of(slide), reader);
  }

  /** Closes the slide. */
  @TearDown
  public void close() {
    opened().close();
  }

  /** One read. */
  @Benchmark
  public BufferedImage read(Position position) {
    Slide current = opened();
    long x = position.random.nextLong(Math.max(1, current.width() - EDGE));
    long y = position.random.nextLong(Math.max(1, current.height() - EDGE));
    return current.readRegion(x, y, 0, EDGE, EDGE);
  }

  private Slide opened() {
    return Objects.requireNonNull(open, "JMH opens the slide first");
  }

  /** Arguments: slide, and seconds of each measurement (10). */
  public static void main(String[] args) throws RunnerException {
    long seconds = args.length > 1 ? Long.parseLong(args[1]) : 10;
    for (int threads = 1; threads <= 2; threads++) {
      for (RunResult result :
          new Runner(
                  new OptionsBuilder()
                      .include(SlideReads.class.getName())
                      .param("slide", args[0])
                      .threads(threads)
                      .forks(1)
                      .warmupIterations(1)
                      .warmupTime(TimeValue.seconds(seconds))
                      .measurementIterations(1)
                      .measurementTime(TimeValue.seconds(seconds))
                      .verbosity(VerboseMode.SILENT)
                      .build())
              .run()) {
        System.out.printf(
            Locale.ROOT,
            "%s, %d thread(s): %.1f reads/s%n",
            result.getParams().getParam("reader"),
            threads,
            result.getPrimaryResult().getScore());
      }
    }
  }
}
