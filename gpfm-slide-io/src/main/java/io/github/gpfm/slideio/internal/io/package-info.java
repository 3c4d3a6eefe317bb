/** Bounded random access to a slide's bytes. */
@NullMarked
package io.github.gpfm.slideio.internal.io;

import org.jspecify.annotations.NullMarked;
