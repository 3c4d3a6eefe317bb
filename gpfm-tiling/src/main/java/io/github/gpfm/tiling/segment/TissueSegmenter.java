package io.github.gpfm.tiling.segment;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Slide;
import io.github.gpfm.tiling.tissue.Tissue;

/**
 * Finds the tissue of a slide.
 *
 * <p>Segmenters are immutable and may be used by many threads at once. Native memory is released
 * before they return, and is bounded whatever the size of the slide.
 */
public sealed interface TissueSegmenter extends Described
    permits ClamSegmenter, OtsuSegmenter, HsvEntropySegmenter, ModelSegmenter {
  /** Short lower-case name, for instance {@code clam}. */
  String name();

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
