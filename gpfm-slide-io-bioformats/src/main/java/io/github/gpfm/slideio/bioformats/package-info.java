/** Slides through Bio-Formats, when the user adds it to the class path. */
@NullMarked
package io.github.gpfm.slideio.bioformats;

import org.jspecify.annotations.NullMarked;
