/** Slide classification: multiple-instance learning over bags of tile features. */
@NullMarked
package io.github.gpfm.eval.mil;

import org.jspecify.annotations.NullMarked;
