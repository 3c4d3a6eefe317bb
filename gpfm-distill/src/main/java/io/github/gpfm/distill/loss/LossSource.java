package io.github.gpfm.distill.loss;

import io.github.gpfm.encoder.script.ScriptSource;

/**
 * TorchScript source of the loss terms: free functions from tensors to a scalar, for a program that
 * has the rest of a step.
 */
public final class LossSource {
  private LossSource() {}

  /**
   * {@code dino_loss}, {@code ibot_loss}, {@code koleo_loss}, the teacher's {@code centering},
   * {@code next_centre} and {@code sinkhorn_knopp}; {@code cosine_loss}, {@code kl_loss} and {@code
   * feature_loss} of the experts; {@code mixed_loss}, {@code teacher_coefficients} and {@code
   * gram_loss} of later recipes.
   */
  public static ScriptSource terms() {
    return ScriptSource.resources(
        LossSource.class, "self.torchscript", "expert.torchscript", "recipe.torchscript");
  }
}
