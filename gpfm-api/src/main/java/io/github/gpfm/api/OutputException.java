package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/**
 * A result that cannot be written: unwritable folder, full disk. Nothing half-written is left
 * behind.
 */
public class OutputException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public OutputException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public OutputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
