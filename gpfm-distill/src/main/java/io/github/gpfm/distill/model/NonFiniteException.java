package io.github.gpfm.distill.model;

import io.github.gpfm.api.GpfmException;

/**
 * A loss term or gradient became NaN or infinite; the parameters are still those before the step.
 */
public final class NonFiniteException extends GpfmException {
  private static final long serialVersionUID = 1L;

  private final String term;

  /**
   * @param term what is not finite, for instance {@code koleo_loss}
   * @param value its value
   * @param step step from 0
   */
  public NonFiniteException(String term, double value, long step) {
    super(
        "At step %d '%s' became %s and the run was stopped before updating; lower optim.base-lr, or check the tiles and the experts' tokens."
            .formatted(step, term, value));
    this.term = term;
  }

  /** What is not finite. */
  public String term() {
    return term;
  }
}
