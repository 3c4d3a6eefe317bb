package io.github.gpfm.slideio.bioformats.internal;

import java.util.List;
import java.util.Map;

/**
 * Which images of a file make up the slide.
 *
 * @param series of level 0
 * @param levels largest first
 * @param associated by name
 */
record SlideLayout(int series, List<ImagePage> levels, Map<String, ImagePage> associated) {

  /** Level-0 pixels that a pixel of the level spans: the mean of both axes, as OpenSlide has it. */
  double downsample(int level) {
    ImagePage base = levels.get(0);
    ImagePage page = levels.get(level);
    return level == 0
        ? 1
        : ((double) base.height() / page.height() + (double) base.width() / page.width()) / 2;
  }
}
