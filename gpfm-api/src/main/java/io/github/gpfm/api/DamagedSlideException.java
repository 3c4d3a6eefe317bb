package io.github.gpfm.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file is of a kind that its reader knows, and contradicts itself, is cut off or lacks a part.
 * Another reader would show what is left of it without a word.
 */
public class DamagedSlideException extends SlideFormatException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   * @param cause the underlying failure, or {@code null}
   */
  public DamagedSlideException(Path path, String message, @Nullable Throwable cause) {
    super(path, message, cause);
  }
}
