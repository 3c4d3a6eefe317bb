package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/** The device has too little memory for the batch, even after the batch was made smaller. */
public class DeviceMemoryException extends EncoderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public DeviceMemoryException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public DeviceMemoryException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
