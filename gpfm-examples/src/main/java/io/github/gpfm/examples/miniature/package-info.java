/** The paper in miniature: four students of equal budget, measured on tissue they have not seen. */
@NullMarked
package io.github.gpfm.examples.miniature;

import org.jspecify.annotations.NullMarked;
