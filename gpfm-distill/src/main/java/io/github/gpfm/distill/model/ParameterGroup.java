package io.github.gpfm.distill.model;

import io.github.gpfm.distill.config.OptimConfig;
import io.github.gpfm.distill.config.OptimConfig.DecayOn;

/**
 * What the optimiser does differently for one tensor.
 *
 * @param lrMultiplier factor on the learning rate
 * @param weightDecayMultiplier factor on the weight decay, 0 or 1
 * @param lastLayer whether the last-layer schedule applies
 */
public record ParameterGroup(double lrMultiplier, double weightDecayMultiplier, boolean lastLayer) {
  /**
   * The group of a tensor: layer-wise decay over the backbone's depth, a further factor for the
   * patch embedding, no weight decay on biases, norms and LayerScale (DINOv2's {@code
   * get_params_groups_with_decay}).
   *
   * @param depth blocks of the backbone
   */
  public static ParameterGroup of(ParameterSpec spec, int depth, OptimConfig optim) {
    String name = spec.localName();
    boolean backbone = spec.module().endsWith(".backbone");
    double lr = backbone ? Math.pow(optim.layerwiseDecay(), depth + 1 - layer(name, depth)) : 1;
    if (name.contains("patch_embed")) {
      lr *= optim.patchEmbedLrMultiplier();
    }
    boolean exempt = name.endsWith(".bias") || name.contains("norm") || name.contains("gamma");
    double decay = exempt && optim.decayOn() == DecayOn.WEIGHTS ? 0 : 1;
    return new ParameterGroup(lr, decay, name.contains("last_layer"));
  }

  /** 0 for the embeddings, i + 1 for block i, depth + 1 for the final norm. */
  private static int layer(String name, int depth) {
    if (name.startsWith("pos_embed")
        || name.startsWith("patch_embed")
        || name.startsWith("mask_token")
        || name.startsWith("register_tokens")
        || name.startsWith("cls_token")) {
      return 0;
    }
    if (!name.startsWith("blocks.")) {
      return depth + 1;
    }
    String[] parts = name.split("\\.");
    boolean chunked = Character.isDigit(parts[2].charAt(0));
    return Integer.parseInt(parts[chunked ? 2 : 1]) + 1;
  }
}
