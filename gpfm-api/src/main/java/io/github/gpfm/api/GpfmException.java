package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/**
 * Root of everything this library throws on purpose. The message is one sentence for a person: it
 * names the file or option at fault and says what would mend it.
 */
public class GpfmException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public GpfmException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public GpfmException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
