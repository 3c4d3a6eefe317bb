/** Small trained networks on frozen features: their programs, initialisation and optimiser. */
@NullMarked
package io.github.gpfm.eval.head;

import org.jspecify.annotations.NullMarked;
