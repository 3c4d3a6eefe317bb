/**
 * Exact resizing of pictures: what the reference code does through Pillow, bit for bit. {@link
 * io.github.gpfm.image.ResizeWeights} has the weights of one axis, {@link
 * io.github.gpfm.image.AntialiasedResize} applies them to rows as they come.
 */
@NullMarked
package io.github.gpfm.image;

import org.jspecify.annotations.NullMarked;
