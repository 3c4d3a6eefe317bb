/**
 * Where the tiles lie: official and resolution-aware grids, regions of interest, sampling, reading.
 */
@NullMarked
package io.github.gpfm.tiling.grid;

import org.jspecify.annotations.NullMarked;
