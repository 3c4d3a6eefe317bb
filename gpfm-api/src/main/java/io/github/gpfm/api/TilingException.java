package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/** A slide on which tissue cannot be segmented or tiles cannot be laid. */
public class TilingException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public TilingException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public TilingException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
