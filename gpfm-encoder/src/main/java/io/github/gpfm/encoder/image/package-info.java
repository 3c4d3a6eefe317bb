/**
 * From an image to the pixels a network was trained on: {@link
 * io.github.gpfm.encoder.image.Preprocessing} says what a model's authors do, {@link
 * io.github.gpfm.encoder.image.Preprocessor} does it, bit for bit as Pillow would.
 */
@NullMarked
package io.github.gpfm.encoder.image;

import org.jspecify.annotations.NullMarked;
