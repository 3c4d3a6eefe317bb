package io.github.gpfm.distill.config;

/**
 * How experts' tokens are learned.
 *
 * @param classLoss loss between class tokens
 * @param headLayers linear layers of an expert's head before the weight-normalised one
 * @param headHidden hidden size; unused with one layer
 * @param headBottleneck inputs of the weight-normalised layer
 * @param globals which student tokens the experts teach
 * @param clipHeads whether the heads' gradients are clipped as the student's are
 */
public record DistillTermsConfig(
    ClassLoss classLoss,
    int headLayers,
    int headHidden,
    int headBottleneck,
    Globals globals,
    boolean clipHeads) {
  /** Losses between class tokens. */
  public enum ClassLoss {
    /** 1 - cosine similarity ("radio" in the official configuration). */
    COSINE,
    /** Kullback-Leibler divergence of softmaxes at temperature 1. */
    KL
  }

  /** Student tokens that experts teach. */
  public enum Globals {
    /** Those of the masked global crops, as the official code does: no extra forward. */
    MASKED,
    /** Those of an extra forward without masks, as the paper's figure reads. */
    UNMASKED
  }
}
