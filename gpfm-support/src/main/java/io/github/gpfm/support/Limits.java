package io.github.gpfm.support;

import io.github.gpfm.api.InvalidOptionException;
import java.time.Duration;

/**
 * What reading one file from strangers may cost, whatever its format. The defaults are far above
 * what honest files need; system properties change them.
 *
 * @param bytes memory taken on a file's word, in all: what is inflated, announced or copied before
 *     it is known to be sound ({@code gpfm.limit.bytes})
 * @param objects values, nodes, rows or entries visited ({@code gpfm.limit.objects})
 * @param depth nesting, 1 to 255, Gson's own bound ({@code gpfm.limit.depth})
 * @param nameLength characters of a name, key or number ({@code gpfm.limit.name})
 * @param time for the structure of a file, its bulk data left out ({@code gpfm.limit.seconds})
 */
public record Limits(long bytes, long objects, int depth, int nameLength, Duration time) {
  private static final int MAX_DEPTH = 255;

  /** Checks that all are in range. */
  public Limits {
    if (bytes < 1
        || objects < 1
        || depth < 1
        || depth > MAX_DEPTH
        || nameLength < 1
        || time.compareTo(Duration.ZERO) <= 0) {
      throw new InvalidOptionException(
          "The limits gpfm.limit.bytes, objects, depth, name and seconds must be 1 or more, and depth"
              + " at most 255.");
    }
  }

  /**
   * A quarter of the heap, 10 million objects, depth 200, names of 64 Ki characters, 60 s; or what
   * the system properties say.
   */
  public static Limits defaults() {
    return new Limits(
        number("gpfm.limit.bytes", Runtime.getRuntime().maxMemory() / 4),
        number("gpfm.limit.objects", 10_000_000),
        (int) Math.min(Integer.MAX_VALUE, number("gpfm.limit.depth", 200)),
        (int) Math.min(Integer.MAX_VALUE, number("gpfm.limit.name", 1 << 16)),
        Duration.ofSeconds(number("gpfm.limit.seconds", 60)));
  }

  private static long number(String property, long otherwise) {
    String text = System.getProperty(property);
    if (text == null) {
      return otherwise;
    }
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new InvalidOptionException(
          "System property %s must be a whole number, not '%s'."
              .formatted(property, Printable.of(text)),
          e);
    }
  }
}
