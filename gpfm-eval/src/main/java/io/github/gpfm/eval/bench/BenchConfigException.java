package io.github.gpfm.eval.bench;

import io.github.gpfm.eval.EvaluationException;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark's configuration that cannot be run as it stands: an unknown key, a value out of
 * range, a key without an effect. The message names file, line and key.
 */
public class BenchConfigException extends EvaluationException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming file, line and key
   */
  public BenchConfigException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming file, line and key
   * @param cause the underlying failure, or {@code null}
   */
  public BenchConfigException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
