/** Tissue as a value: outlines with holes, and their raster. */
@NullMarked
package io.github.gpfm.tiling.tissue;

import org.jspecify.annotations.NullMarked;
