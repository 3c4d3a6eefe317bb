package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/** A weight file that is missing, damaged, hostile or of another architecture than asked for. */
public class WeightsException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public WeightsException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public WeightsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
