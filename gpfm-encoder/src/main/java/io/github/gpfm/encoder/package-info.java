/**
 * Models: weights in, features out. {@link io.github.gpfm.encoder.GpfmEncoder} is the way in.
 *
 * <pre>{@code
 * try (Encoder encoder = GpfmEncoder.builder().weights(Path.of("GPFM.pth")).build()) {
 *   float[] feature = encoder.embed(image);
 * }
 * }</pre>
 */
@NullMarked
package io.github.gpfm.encoder;

import org.jspecify.annotations.NullMarked;
