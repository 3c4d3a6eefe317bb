/** TIFF, BigTIFF and NDPI directories and the pixels of their tiles and strips. */
@NullMarked
package io.github.gpfm.slideio.internal.tiff;

import org.jspecify.annotations.NullMarked;
