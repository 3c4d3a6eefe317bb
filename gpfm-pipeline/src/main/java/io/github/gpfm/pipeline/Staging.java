package io.github.gpfm.pipeline;

import io.github.gpfm.api.InvalidOptionException;
import java.nio.file.Path;

/**
 * Slides are copied to a local folder before they are read, and removed after: the next one while
 * the one before is worked on. For slides on storage where many small reads are slow.
 *
 * @param folder where to; made if need be, and shared with other runs
 * @param bytes most bytes of this run's copies there at a time; a slide that is larger is read
 *     where it is, with a warning
 */
public record Staging(Path folder, long bytes) {
  /** 64 GiB. */
  public static final long DEFAULT_BYTES = 64L << 30;

  /** Checks that there is room at all. */
  public Staging {
    if (bytes < 1) {
      throw new InvalidOptionException(
              "The bytes for copies of slides must be 1 or more, not " + bytes + ".")
          .about("Staging.bytes");
    }
  }

  /** With {@link #DEFAULT_BYTES}. */
  public static Staging in(Path folder) {
    return new Staging(folder, DEFAULT_BYTES);
  }
}
