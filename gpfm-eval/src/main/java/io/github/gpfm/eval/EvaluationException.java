package io.github.gpfm.eval;

import io.github.gpfm.api.GpfmException;
import org.jspecify.annotations.Nullable;

/**
 * Data that cannot be evaluated: a label or a class that is missing, a feature that is not a
 * number, dimensions that do not fit, an empty bag. The message names the case.
 */
public class EvaluationException extends GpfmException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming the case at fault
   */
  public EvaluationException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming the case at fault
   * @param cause the underlying failure, or {@code null}
   */
  public EvaluationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
