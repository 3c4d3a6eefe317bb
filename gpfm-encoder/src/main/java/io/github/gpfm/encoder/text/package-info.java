/**
 * Words and tiles in one space: {@link io.github.gpfm.encoder.text.TextEncoders} opens the text
 * tower of a model, {@link io.github.gpfm.encoder.text.ZeroShotClassifier} tells classes that are
 * described in words apart.
 */
@NullMarked
package io.github.gpfm.encoder.text;

import org.jspecify.annotations.NullMarked;
