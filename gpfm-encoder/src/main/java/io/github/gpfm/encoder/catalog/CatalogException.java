package io.github.gpfm.encoder.catalog;

import io.github.gpfm.api.EncoderException;
import org.jspecify.annotations.Nullable;

/** A model description that cannot be used, or a model name that is not in the catalogue. */
public class CatalogException extends EncoderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming what is at fault and the mend
   */
  public CatalogException(String message) {
    super(message);
  }

  /**
   * @param message one sentence naming what is at fault and the mend
   * @param cause the underlying failure, or {@code null}
   */
  public CatalogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
