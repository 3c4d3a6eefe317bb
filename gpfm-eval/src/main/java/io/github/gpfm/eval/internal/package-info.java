/** Not for users: drawing and file helpers of the evaluation. */
@NullMarked
package io.github.gpfm.eval.internal;

import org.jspecify.annotations.NullMarked;
