/**
 * The words everybody shares: a {@link io.github.gpfm.api.Slide} and what opens it, a {@link
 * io.github.gpfm.api.TileGrid} over it, an {@link io.github.gpfm.api.Encoder} and the {@link
 * io.github.gpfm.api.Embeddings} it returns, where a result came from ({@link
 * io.github.gpfm.api.Provenance}) and what can go wrong ({@link io.github.gpfm.api.GpfmException}).
 *
 * <p>No type here depends on a tensor library, an image codec or a native library; images are
 * {@link java.awt.image.BufferedImage}.
 */
@NullMarked
package io.github.gpfm.api;

import org.jspecify.annotations.NullMarked;
