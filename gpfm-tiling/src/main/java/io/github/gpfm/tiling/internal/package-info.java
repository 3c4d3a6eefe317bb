/** Shared machinery of this module; not for use from outside it. */
@NullMarked
package io.github.gpfm.tiling.internal;

import org.jspecify.annotations.NullMarked;
