/** Where the tissue is: segmenters behind one interface and their result. */
@NullMarked
package io.github.gpfm.tiling.segment;

import org.jspecify.annotations.NullMarked;
