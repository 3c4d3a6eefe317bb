/**
 * Tissue and tiles that come from elsewhere: values at hand, masks and outlines, and the
 * coordinates that CLAM, TRIDENT and this library write.
 */
@NullMarked
package io.github.gpfm.tiling.given;

import org.jspecify.annotations.NullMarked;
