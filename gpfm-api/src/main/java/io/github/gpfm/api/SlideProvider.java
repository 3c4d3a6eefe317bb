package io.github.gpfm.api;

import java.nio.file.Path;

/**
 * A reader of slide formats, found through {@link java.util.ServiceLoader}.
 *
 * <p>Implementations are stateless, have a public no-argument constructor that does no work, and
 * are safe for use by many threads.
 */
public interface SlideProvider {
  /** Short lower-case name, for instance {@code openslide}; what a caller forces a reader by. */
  String name();

  /** Readers are tried from the highest priority down; the built-in ones lie between 0 and 100. */
  int priority();

  /**
   * Opens the file if this reader can.
   *
   * @param path an existing file or folder
   * @param options how to open it
   * @return {@link SlideOpenResult.Declined} if the format is not this reader's, the file is
   *     damaged or what the reader needs is not installed; this method does not throw for those
   */
  SlideOpenResult open(Path path, SlideOptions options);
}
