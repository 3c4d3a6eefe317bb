/** Tiles to batches: multi-crop augmentation, block masks, seeded loaders. */
@NullMarked
package io.github.gpfm.distill.data;

import org.jspecify.annotations.NullMarked;
