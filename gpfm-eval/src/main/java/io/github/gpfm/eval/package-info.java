/** Measure a model: the paper's task types, metrics, ranks, reports. */
@NullMarked
package io.github.gpfm.eval;

import org.jspecify.annotations.NullMarked;
