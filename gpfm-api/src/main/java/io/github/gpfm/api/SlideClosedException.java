package io.github.gpfm.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The slide was used after {@link Slide#close()}. */
public class SlideClosedException extends SlideException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   */
  public SlideClosedException(Path path, String message) {
    super(path, message);
  }

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   * @param cause the underlying failure, or {@code null}
   */
  public SlideClosedException(Path path, String message, @Nullable Throwable cause) {
    super(path, message, cause);
  }
}
