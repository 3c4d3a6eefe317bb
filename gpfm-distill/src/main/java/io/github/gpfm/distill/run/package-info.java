/** The training loop: checkpoints, metrics, resuming, exporting. */
@NullMarked
package io.github.gpfm.distill.run;

import org.jspecify.annotations.NullMarked;
