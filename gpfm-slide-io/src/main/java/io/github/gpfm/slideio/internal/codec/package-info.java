/** Decoders of single tiles: bounded, stateless, for bytes that may be hostile. */
@NullMarked
package io.github.gpfm.slideio.internal.codec;

import org.jspecify.annotations.NullMarked;
