/** The built-in reader: pyramids of tiles, composed into regions as OpenSlide composes them. */
@NullMarked
package io.github.gpfm.slideio.internal.builtin;

import org.jspecify.annotations.NullMarked;
