/** Small programs that show the library in use; each is a main class of its own. */
@NullMarked
package io.github.gpfm.examples.samples;

import org.jspecify.annotations.NullMarked;
