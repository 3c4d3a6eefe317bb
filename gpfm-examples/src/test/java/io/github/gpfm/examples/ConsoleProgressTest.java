package io.github.gpfm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Lines for a log. */
class ConsoleProgressTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ConsoleProgress progress =
      ConsoleProgress.lines(new PrintStream(out, true, StandardCharsets.UTF_8), "tiles");

  private String text() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aStageEndsInOneLine() {
    progress.started("extract", 10);
    progress.advanced(4);
    progress.note("loss 1.5");
    progress.advanced(10);
    progress.finished();
    progress.finished();
    assertTrue(text().matches("extract: 10/10 tiles, \\d+\\.\\d/s, loss 1.5\\R"), text());
  }

  @Test
  void whatAnEarlierRunDidIsNotInTheRate() {
    progress.started("extract", 1_000_000, 1_000_000);
    progress.finished();
    assertEquals("extract: 1000000/1000000 tiles, 0.0/s" + System.lineSeparator(), text());
  }
}
