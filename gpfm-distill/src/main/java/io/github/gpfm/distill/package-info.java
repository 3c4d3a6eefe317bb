/** Unified knowledge distillation: train a model as the paper does. */
@NullMarked
package io.github.gpfm.distill;

import org.jspecify.annotations.NullMarked;
