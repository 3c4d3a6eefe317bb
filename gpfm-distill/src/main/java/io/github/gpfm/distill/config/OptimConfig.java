package io.github.gpfm.distill.config;

/**
 * AdamW and its schedules.
 *
 * @param epochs length of the schedules, epochs
 * @param baseLr learning rate for a batch of 1024
 * @param scaling how it follows the batch
 * @param minLr learning rate at the end
 * @param warmupEpochs epochs of linear warm-up from 0
 * @param weightDecay at the start
 * @param weightDecayEnd at the end
 * @param decayOn which parameters decay
 * @param beta1 of the first moment
 * @param beta2 of the second moment
 * @param epsilon of the denominator
 * @param layerwiseDecay learning-rate factor from a block to the one below
 * @param patchEmbedLrMultiplier further factor of the patch embedding
 * @param freezeLastLayerEpochs epochs in which the heads' last layers stand still
 * @param clipGrad largest gradient norm of a submodule; 0 for none
 */
public record OptimConfig(
    int epochs,
    double baseLr,
    Scaling scaling,
    double minLr,
    int warmupEpochs,
    double weightDecay,
    double weightDecayEnd,
    DecayOn decayOn,
    double beta1,
    double beta2,
    double epsilon,
    double layerwiseDecay,
    double patchEmbedLrMultiplier,
    int freezeLastLayerEpochs,
    double clipGrad) {
  /** Learning rate over batch size. */
  public enum Scaling {
    /** Times the square root of batch / 1024. */
    SQRT_1024,
    /** As given. */
    NONE
  }

  /** Parameters with weight decay. */
  public enum DecayOn {
    /** All but biases, norms and LayerScale. */
    WEIGHTS,
    /** All (an ablation). */
    ALL
  }

  /** The learning rate after warm-up for {@code batch} images a step. */
  public double lr(int batch) {
    return scaling == Scaling.SQRT_1024 ? baseLr * Math.sqrt(batch / 1024.0) : baseLr;
  }
}
