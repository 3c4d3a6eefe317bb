package io.github.gpfm.encoder.vit;

/**
 * What a transformer's program needs to know beside its weights. All else (LayerScale, a norm
 * before the blocks, a projection of the feature) the names of the weights tell.
 *
 * @param depth number of blocks
 * @param heads attention heads
 * @param patchSize edge of a patch, pixels
 * @param registers number of register tokens
 * @param feedForward the nonlinearity of a block
 * @param normEps epsilon of every layer norm
 * @param resampling how the position table is fitted to another grid
 * @param normTokens whether the final norm is for every token (else for the class token only, CLIP)
 * @param output what {@code feature} is: {@code class_token}, {@code mean_patch_token}, {@code
 *     class_and_mean_patch_token} or {@code projected_class_token}
 */
public record VitForm(
    int depth,
    int heads,
    int patchSize,
    int registers,
    FeedForward feedForward,
    double normEps,
    PositionResampling resampling,
    boolean normTokens,
    String output) {}
