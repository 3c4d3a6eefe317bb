/** The terms of the objective, as TorchScript source with thin Java faces. */
@NullMarked
package io.github.gpfm.distill.loss;

import org.jspecify.annotations.NullMarked;
