package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import java.nio.file.Path;

/** Opens a slide: {@code Slides::open}, or the same with a reader or options of one's choice. */
@FunctionalInterface
public interface SlideOpener extends Described {
  /**
   * @param path the slide's file
   * @return an open slide, which the caller closes
   * @throws io.github.gpfm.api.SlideException if it cannot be opened
   */
  Slide open(Path path);

  /**
   * Adds nothing; an opener with a reader or options of its choice adds them, so that results of
   * slides opened otherwise are not taken for those of these.
   */
  @Override
  default void describe(Recipe.Builder recipe) {}
}
