package io.github.gpfm.encoder.explain;

import io.github.gpfm.api.Embeddings;

/**
 * Tokens of one image after one block of a transformer.
 *
 * @param layer the block, from 0
 * @param classToken length d
 * @param grid shape of the patch tokens
 * @param patchTokens rows x columns x d, row-major
 */
public record LayerTokens(
    int layer, float[] classToken, Embeddings.PatchGrid grid, float[] patchTokens) {}
