/** Files of tiles and tissue: CLAM and TRIDENT HDF5, GeoJSON, tables, process lists. */
@NullMarked
package io.github.gpfm.tiling.format;

import org.jspecify.annotations.NullMarked;
