/** The binding of OpenSlide's C API. */
@NullMarked
package io.github.gpfm.slideio.internal.openslide;

import org.jspecify.annotations.NullMarked;
