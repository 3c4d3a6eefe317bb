/**
 * Questions answered and reports written from frozen visual features, by small transformers that
 * can be trained on small sets.
 */
@NullMarked
package io.github.gpfm.eval.language;

import org.jspecify.annotations.NullMarked;
