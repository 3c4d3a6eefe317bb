/** The file formats of the built-in reader: which files they are and how their parts lie. */
@NullMarked
package io.github.gpfm.slideio.internal.formats;

import org.jspecify.annotations.NullMarked;
