package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.tissue.Tissue;
import java.nio.file.Path;

/**
 * Finds the tissue of a slide.
 *
 * <p>Segmenters are immutable and may be used by many threads at once. Native memory is released
 * before they return, and is bounded whatever the size of the slide.
 *
 * <p>Open for implementation: {@link #describe} must name everything that decides the tissue, files
 * by their content, since results are kept as long as that is the same.
 */
public interface TissueSegmenter extends Described {
  /** Short lower-case name, for instance {@code clam}. */
  String name();

  /**
   * The segmenter of one slide, where slides differ, for instance by a mask each. What it describes
   * of itself must be what decides that slide's tissue.
   *
   * @param slide the slide's file or folder
   * @throws io.github.gpfm.api.GpfmException if there is none for this slide
   */
  default TissueSegmenter forSlide(Path slide) {
    return this;
  }

  /**
   * Segments a slide.
   *
   * @param slide an open slide
   * @return the tissue; without regions when there is none
   * @throws io.github.gpfm.api.SlideException if the slide cannot be read
   * @throws io.github.gpfm.api.InvalidOptionException if the parameters do not fit the slide
   */
  Tissue segment(Slide slide);
}
