/** Parameter groups, the optimiser's state and the loss scale. */
@NullMarked
package io.github.gpfm.distill.optim;

import org.jspecify.annotations.NullMarked;
