/** Shared by the readers. */
@NullMarked
package io.github.gpfm.slideio.internal;

import org.jspecify.annotations.NullMarked;
