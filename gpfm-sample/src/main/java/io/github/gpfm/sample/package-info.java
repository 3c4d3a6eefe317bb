/**
 * Synthetic slides with known truth. {@link io.github.gpfm.sample.SyntheticSlide} draws tissue
 * pieces of several textures on glass, writes them as a tiled pyramid and writes beside it what is
 * where.
 */
@NullMarked
package io.github.gpfm.sample;

import org.jspecify.annotations.NullMarked;
