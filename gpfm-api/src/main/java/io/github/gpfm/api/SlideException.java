package io.github.gpfm.api;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Something about one slide file went wrong; {@link #path()} tells which. */
public class SlideException extends GpfmException {
  private static final long serialVersionUID = 1L;

  private final transient @Nullable Path path;

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   */
  public SlideException(Path path, String message) {
    this(path, message, null);
  }

  /**
   * @param path the slide
   * @param message one sentence; should name the path
   * @param cause the underlying failure, or {@code null}
   */
  public SlideException(Path path, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.path = path;
  }

  /** The slide's path; {@code null} only on an exception that was serialised and read back. */
  public @Nullable Path path() {
    return path;
  }
}
