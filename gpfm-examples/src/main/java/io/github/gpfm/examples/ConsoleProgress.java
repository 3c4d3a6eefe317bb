package io.github.gpfm.examples;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.support.Printable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/**
 * Progress on standard error: a bar with count, rate and remaining time on a terminal, otherwise a
 * line every ten seconds and one at the end of a stage.
 */
public final class ConsoleProgress implements ProgressListener {
  private static final long LINE_INTERVAL_NANOS = 10_000_000_000L;

  private final PrintStream out;
  private final boolean terminal;
  private final String unit;

  private String stage = "";
  private String note = "";
  private long total;
  private long done;
  private long resumed;
  private long startNanos;
  private long lastLineNanos;
  private @Nullable ProgressBar bar;

  private ConsoleProgress(PrintStream out, boolean terminal, String unit) {
    this.out = out;
    this.terminal = terminal;
    this.unit = unit;
  }

  /**
   * @param unit what is counted, plural, for instance {@code tiles}
   */
  public static ConsoleProgress create(String unit) {
    return new ConsoleProgress(System.err, System.console() != null, unit);
  }

  /** Progress where there are several items; silence for a single one. */
  static ProgressListener forMany(int items, String unit) {
    return items > 1 ? create(unit) : ProgressListener.NONE;
  }

  /** Lines only, for a log. */
  static ConsoleProgress lines(PrintStream out, String unit) {
    return new ConsoleProgress(out, false, unit);
  }

  @Override
  public void started(String stage, long total) {
    started(stage, total, 0);
  }

  @Override
  public synchronized void started(String stage, long total, long done) {
    finished();
    this.stage = Printable.of(stage);
    this.total = total;
    this.done = done;
    resumed = done;
    startNanos = System.nanoTime();
    lastLineNanos = startNanos;
    if (terminal) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(this.stage)
              .setInitialMax(total)
              .startsFrom(done, Duration.ZERO)
              .setStyle(ProgressBarStyle.ASCII)
              .setUnit(" " + unit, 1)
              .setUpdateIntervalMillis(250)
              .showSpeed()
              // The bar's own control characters are meant.
              .setConsumer(
                  new ConsoleProgressBarConsumer(
                      new PrintStream(new FileOutputStream(FileDescriptor.err))))
              .build();
    }
  }

  @Override
  public synchronized void advanced(long done) {
    this.done = done;
    if (bar != null) {
      bar.stepTo(done);
      return;
    }
    long now = System.nanoTime();
    if (now - lastLineNanos >= LINE_INTERVAL_NANOS) {
      lastLineNanos = now;
      out.println(line(now));
    }
  }

  /** Shows a word beside the count from now on, for instance the loss. */
  synchronized void note(String text) {
    note = text;
    if (bar != null) {
      bar.setExtraMessage(" " + text);
    }
  }

  @Override
  public synchronized void finished() {
    if (stage.isEmpty()) {
      return;
    }
    if (bar != null) {
      bar.close();
      bar = null;
    } else {
      out.println(line(System.nanoTime()));
    }
    stage = "";
  }

  private String line(long now) {
    double seconds = (now - startNanos) / 1e9;
    double rate = seconds > 0 ? (done - resumed) / seconds : 0;
    StringBuilder line = new StringBuilder(stage).append(": ").append(done);
    if (total >= 0) {
      line.append('/').append(total);
    }
    line.append(' ').append(unit);
    line.append(String.format(Locale.ROOT, rate > 0 && rate < 0.5 ? ", %.3f/s" : ", %.1f/s", rate));
    if (total > done && rate > 0) {
      line.append(String.format(Locale.ROOT, ", %.0f s left", (total - done) / rate));
    }
    return note.isEmpty() ? line.toString() : line.append(", ").append(note).toString();
  }
}
