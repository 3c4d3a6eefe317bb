/** Files to pixels: OpenSlide through its C API, and a built-in reader without natives. */
@NullMarked
package io.github.gpfm.slideio;

import org.jspecify.annotations.NullMarked;
