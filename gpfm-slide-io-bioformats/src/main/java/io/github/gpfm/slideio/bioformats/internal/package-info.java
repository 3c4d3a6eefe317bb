/**
 * The adapter's workings. {@link io.github.gpfm.slideio.bioformats.internal.BioFormatsLibrary} is
 * the only class that knows Bio-Formats' names; all others speak to it through interfaces of the
 * same signatures ({@link io.github.gpfm.slideio.bioformats.internal.FormatReader} and its
 * neighbours), so that they compile and are tested without the library.
 */
@NullMarked
package io.github.gpfm.slideio.bioformats.internal;

import org.jspecify.annotations.NullMarked;
