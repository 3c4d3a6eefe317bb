/** Caching, colour management and resampling on top of every reader. */
@NullMarked
package io.github.gpfm.slideio.internal.region;

import org.jspecify.annotations.NullMarked;
