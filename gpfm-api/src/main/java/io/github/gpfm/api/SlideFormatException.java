package io.github.gpfm.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The file is not a slide any reader understands, or it is damaged. */
public class SlideFormatException extends SlideException {
  private static final long serialVersionUID = 1L;

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   */
  public SlideFormatException(Path path, String message) {
    super(path, message);
  }

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   * @param cause the underlying failure, or {@code null}
   */
  public SlideFormatException(Path path, String message, @Nullable Throwable cause) {
    super(path, message, cause);
  }
}
