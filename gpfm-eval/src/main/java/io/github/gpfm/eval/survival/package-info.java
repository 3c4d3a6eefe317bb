/** Survival of patients from bags of tile features. */
@NullMarked
package io.github.gpfm.eval.survival;

import org.jspecify.annotations.NullMarked;
