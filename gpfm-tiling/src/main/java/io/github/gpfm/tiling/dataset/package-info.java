/** Tiles for training: extraction to shards and readers with random access. */
@NullMarked
package io.github.gpfm.tiling.dataset;

import org.jspecify.annotations.NullMarked;
