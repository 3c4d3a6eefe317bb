/** What of this machine the program can use, and what keeps it from using the rest. */
@NullMarked
package io.github.gpfm.examples.doctor;

import org.jspecify.annotations.NullMarked;
