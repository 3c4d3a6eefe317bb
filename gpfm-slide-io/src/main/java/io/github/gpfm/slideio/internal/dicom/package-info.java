/**
 * DICOM whole-slide images. No kept DICOM library is on Maven Central, so that a small bounded
 * parser reads what a slide needs: the elements in front of the pixel data, and where frames lie.
 */
@NullMarked
package io.github.gpfm.slideio.internal.dicom;

import org.jspecify.annotations.NullMarked;
