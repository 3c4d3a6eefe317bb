/**
 * Slide to features: segmentation, tiling, encoding and files joined, with resume and reports.
 * {@link io.github.gpfm.pipeline.SlideToFeatures} runs the whole path, {@link
 * io.github.gpfm.pipeline.SlideTiling} the path up to the coordinates of tiles.
 */
@NullMarked
package io.github.gpfm.pipeline;

import org.jspecify.annotations.NullMarked;
