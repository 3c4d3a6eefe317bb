/** Figures of merit: classification, survival, resampling intervals. */
@NullMarked
package io.github.gpfm.eval.metric;

import org.jspecify.annotations.NullMarked;
