/** Tissue to tiles: segmentation, grids, quality control, their files and pictures. */
@NullMarked
package io.github.gpfm.tiling;

import org.jspecify.annotations.NullMarked;
