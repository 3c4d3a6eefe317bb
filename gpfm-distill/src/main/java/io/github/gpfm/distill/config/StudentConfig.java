package io.github.gpfm.distill.config;

import io.github.gpfm.support.Content;

/**
 * A DINOv2-layout vision transformer.
 *
 * @param width token dimension
 * @param depth number of blocks
 * @param heads attention heads; must divide {@code width}
 * @param patchSize patch edge, pixels
 * @param registers register tokens beside the class token; 0 as GPFM's
 * @param mlpRatio hidden over token dimension of the feed-forward layer
 * @param feedForward kind of feed-forward layer
 * @param layerScale initial LayerScale value; 0 for none
 * @param dropPath share of images whose residual branches are skipped, [0, 1)
 * @param dropPathUniform the same share in every block, else rising linearly from 0
 * @param blockChunks chunks in which the checkpoint names its blocks; 0 for flat names
 * @param weights file to start from ({@code .pth} or {@code .safetensors}); empty for random
 */
public record StudentConfig(
    int width,
    int depth,
    int heads,
    int patchSize,
    int registers,
    double mlpRatio,
    FeedForward feedForward,
    double layerScale,
    double dropPath,
    boolean dropPathUniform,
    int blockChunks,
    @Content String weights) {
  /** Feed-forward layers. */
  public enum FeedForward {
    /** Linear, GELU, linear. */
    MLP,
    /** Gated: SiLU(a) * b, then linear; hidden size rounded up to a multiple of 8. */
    SWIGLU
  }

  /** Hidden size of the feed-forward layer. */
  public int hidden() {
    int full = (int) (width * mlpRatio);
    return feedForward == FeedForward.MLP ? full : (full * 2 / 3 + 7) / 8 * 8;
  }

  /** Drop-path share of block {@code i}. */
  public double dropPathOf(int i) {
    if (dropPathUniform || depth == 1) {
      return dropPathUniform ? dropPath : 0;
    }
    return dropPath * i / (depth - 1);
  }
}
