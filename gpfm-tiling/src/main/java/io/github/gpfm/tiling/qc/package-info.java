/** Scores of single tiles and filters that compose. */
@NullMarked
package io.github.gpfm.tiling.qc;

import org.jspecify.annotations.NullMarked;
