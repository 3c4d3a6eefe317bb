package io.github.gpfm.api;

import org.jspecify.annotations.Nullable;

/**
 * Work that was asked to stop: its thread was interrupted, its future cancelled, or the program is
 * ending. Nothing is wrong with the input; the same call goes on where that is possible. The
 * thread's interrupt flag is set again where an interrupt was the cause.
 */
public class CancelledException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what was cancelled
   */
  public CancelledException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what was cancelled
   * @param cause how it was noticed, or {@code null}
   */
  public CancelledException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
