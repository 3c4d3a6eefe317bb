/** Layout, drawing and the pyramid writer behind {@link io.github.gpfm.sample.SyntheticSlide}. */
@NullMarked
package io.github.gpfm.sample.internal;

import org.jspecify.annotations.NullMarked;
