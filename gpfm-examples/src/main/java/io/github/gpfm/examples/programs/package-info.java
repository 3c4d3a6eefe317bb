/** Small programs to start one's own from. */
@NullMarked
package io.github.gpfm.examples.programs;

import org.jspecify.annotations.NullMarked;
