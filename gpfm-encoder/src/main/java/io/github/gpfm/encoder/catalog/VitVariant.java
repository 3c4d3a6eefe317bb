package io.github.gpfm.encoder.catalog;

import io.github.gpfm.support.yaml.Default;

/**
 * Where a vision transformer departs from the usual form; all of it shows in the names of a file's
 * tensors.
 *
 * @param classToken whether there is a class token; without one the feature is the mean of the
 *     patch tokens
 * @param qkvBias whether queries, keys and values have biases
 * @param qkNorm whether queries and keys of each head are normalised
 * @param preNorm whether tokens are normalised before the first block; the patch projection then
 *     has no bias (timm's {@code pre_norm})
 * @param patchBias whether the patch projection has a bias
 * @param pooledNorm whether the mean of the patch tokens is normalised in place of every token
 *     (timm's {@code fc_norm})
 */
public record VitVariant(
    @Default("true") boolean classToken,
    @Default("true") boolean qkvBias,
    @Default("false") boolean qkNorm,
    @Default("false") boolean preNorm,
    @Default("true") boolean patchBias,
    @Default("false") boolean pooledNorm) {
  /** A class token, biases everywhere, a norm of every token at the end and no other. */
  public static final VitVariant USUAL = new VitVariant(true, true, false, false, true, false);

  static VitVariant of(ShapeView view) {
    return new VitVariant(
        view.has("cls_token"),
        view.has("blocks.0.attn.qkv.bias"),
        view.has("blocks.0.attn.q_norm.weight"),
        view.has("norm_pre.weight"),
        view.has("patch_embed.proj.bias"),
        view.has("fc_norm.weight"));
  }

  /** For a description: what is unusual, each after a comma. */
  String describe() {
    return (classToken ? "" : ", no class token")
        + (qkvBias ? "" : ", no qkv bias")
        + (qkNorm ? ", qk norm" : "")
        + (preNorm ? ", pre-norm" : "")
        + (pooledNorm ? ", norm after pooling" : "");
  }
}
