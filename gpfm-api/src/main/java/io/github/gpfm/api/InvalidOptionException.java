package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/** An option, or a combination of options, that cannot be honoured: a usage error of the caller. */
public class InvalidOptionException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public InvalidOptionException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public InvalidOptionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
