package io.github.gpfm.support;

import io.github.gpfm.api.InvalidOptionException;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The time that results say they were made at: that of the environment's {@code SOURCE_DATE_EPOCH}
 * where it is set, so that equal runs write equal bytes, else now.
 */
public final class ResultTime {
  /** Seconds since 1970, as reproducible builds have it. */
  public static final String VARIABLE = "SOURCE_DATE_EPOCH";

  private ResultTime() {}

  /**
   * The time.
   *
   * @throws InvalidOptionException if the variable is set to what is no time
   */
  public static Instant now() {
    return of(System.getenv(VARIABLE));
  }

  static Instant of(@Nullable String fixed) {
    if (fixed == null || fixed.isBlank()) {
      return Instant.now();
    }
    try {
      return Instant.ofEpochSecond(Long.parseLong(fixed.strip()));
    } catch (NumberFormatException | DateTimeException e) {
      throw new InvalidOptionException(
          "The environment's %s must be a number of seconds since 1970, not '%s'."
              .formatted(VARIABLE, Printable.line(fixed, 40)),
          e);
    }
  }
}
