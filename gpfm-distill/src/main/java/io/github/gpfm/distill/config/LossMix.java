package io.github.gpfm.distill.config;

/**
 * A weighted sum of losses between a predicted and an expert's token.
 *
 * @param cosine weight of one minus their cosine
 * @param smoothL1 weight of the smooth L1 loss (Huber's with a threshold of 1), a mean over values
 * @param squared weight of the squared error, a mean over values
 */
public record LossMix(double cosine, double smoothL1, double squared) {
  /** GPFM's loss between class tokens. */
  public static final LossMix GPFM_CLASS = new LossMix(1, 0, 0);

  /** GPFM's loss between patch tokens. */
  public static final LossMix GPFM_PATCH = new LossMix(0.9, 0.1, 0);
}
