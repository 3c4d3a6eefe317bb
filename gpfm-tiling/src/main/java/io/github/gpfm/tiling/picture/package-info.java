/** Pictures and reports that show what was segmented and tiled. */
@NullMarked
package io.github.gpfm.tiling.picture;

import org.jspecify.annotations.NullMarked;
