/** The gpfm command and small sample programs. */
@NullMarked
package io.github.gpfm.examples;

import org.jspecify.annotations.NullMarked;
