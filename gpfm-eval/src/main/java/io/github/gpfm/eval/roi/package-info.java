/** Labelled tile sets: folders of images, tables, feature files; and a baseline encoder. */
@NullMarked
package io.github.gpfm.eval.roi;

import org.jspecify.annotations.NullMarked;
