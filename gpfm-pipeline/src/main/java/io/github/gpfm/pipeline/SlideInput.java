package io.github.gpfm.pipeline;

import io.github.gpfm.api.Described;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.slideio.Slides;
import io.github.gpfm.tiling.format.SlideName;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A slide to work on and how to open it.
 *
 * @param path file or folder
 * @param reader name of the reader to use; the best one that can when empty
 * @param options resolution override and the like
 */
public record SlideInput(Path path, Optional<String> reader, SlideOptions options)
    implements Described {
  /** A slide opened by the best reader, as it is. */
  public static SlideInput of(Path path) {
    return new SlideInput(path, Optional.empty(), SlideOptions.DEFAULT);
  }

  /** The name its results are kept under: the file's name without its extension. */
  public String name() {
    return SlideName.of(path);
  }

  /** How it is opened; the file itself is {@link io.github.gpfm.slideio.SlideFiles}'. */
  @Override
  public void describe(Recipe.Builder recipe) {
    recipe.note("slide.name", name());
    reader.ifPresent(one -> recipe.add("slide.reader", one));
    recipe.part("slide", options);
  }

  /**
   * Opens the slide.
   *
   * @throws io.github.gpfm.api.SlideException if that cannot be done
   */
  public Slide open() {
    return reader.isPresent()
        ? Slides.open(path, reader.get(), options)
        : Slides.open(path, options);
  }
}
