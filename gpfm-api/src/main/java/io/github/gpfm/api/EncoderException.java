package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/** An encoder that cannot be built or run: no engine, no such device, wrong input shape. */
public class EncoderException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public EncoderException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public EncoderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
