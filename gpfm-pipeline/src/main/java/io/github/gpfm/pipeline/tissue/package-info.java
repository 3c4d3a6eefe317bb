/**
 * Published networks that find tissue, from their authors' weight files: {@link
 * io.github.gpfm.pipeline.tissue.TissueNetworks} opens them for {@code ModelSegmenter}.
 */
@NullMarked
package io.github.gpfm.pipeline.tissue;

import org.jspecify.annotations.NullMarked;
