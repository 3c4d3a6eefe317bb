/**
 * What a {@link io.github.gpfm.api.SlideProvider} needs beside the pixels: a {@link
 * io.github.gpfm.slideio.spi.AbstractSlide} that keeps the contract of threads and closing, and the
 * order of evidence for the resolution ({@link io.github.gpfm.slideio.spi.MppEvidence}).
 */
@NullMarked
package io.github.gpfm.slideio.spi;

import org.jspecify.annotations.NullMarked;
