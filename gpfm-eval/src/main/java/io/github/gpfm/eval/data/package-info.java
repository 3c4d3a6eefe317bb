/** Features, labels and splits as their authors store them. */
@NullMarked
package io.github.gpfm.eval.data;

import org.jspecify.annotations.NullMarked;
