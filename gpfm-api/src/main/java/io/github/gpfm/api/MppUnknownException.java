package io.github.gpfm.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The slide does not say its resolution and one is needed; give it with {@link
 * SlideOptions#withMpp(double)}.
 */
public class MppUnknownException extends SlideException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   */
  public MppUnknownException(Path path, String message) {
    super(path, message);
  }

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   * @param cause the underlying failure, or {@code null}
   */
  public MppUnknownException(Path path, String message, @Nullable Throwable cause) {
    super(path, message, cause);
  }
}
