/**
 * Slide encoders: the features of a slide's tiles in, one feature of the slide out.
 *
 * <p>{@link io.github.gpfm.encoder.slide.SlideEncoders} is the way in. Every model is a {@link
 * io.github.gpfm.encoder.slide.SlideModel}, a card that names the patch encoders, the tiles and the
 * resolution it was trained on; {@link io.github.gpfm.encoder.slide.SlideFeatureFiles} reads a
 * feature file together with what it says of these.
 */
@NullMarked
package io.github.gpfm.encoder.slide;

import org.jspecify.annotations.NullMarked;
