/** Slide to features: segmentation, tiling, encoding and files joined, with resume and reports. */
@NullMarked
package io.github.gpfm.pipeline;

import org.jspecify.annotations.NullMarked;
