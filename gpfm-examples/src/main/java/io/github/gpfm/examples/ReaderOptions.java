package io.github.gpfm.examples;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideOptions;
import io.github.gpfm.pipeline.SlideInput;
import io.github.gpfm.tiling.dataset.SlideOpener;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How slides are opened; the same in every command. */
final class ReaderOptions {
  @Option(
      names = "--reader",
      paramLabel = "NAME",
      description = "Force a reader: openslide, builtin, bioformats (default: the best that can).")
  private @Nullable String reader;

  @Option(
      names = "--slide-mpp",
      paramLabel = "UM",
      description = "Resolution of level 0 in um per pixel, instead of what the file states.")
  private @Nullable Double slideMpp;

  @Option(
      names = "--series",
      paramLabel = "N",
      description =
          "Image of a multi-image file, from 0 (default: the largest), or one of several DICOM"
              + " series of a folder.")
  private @Nullable Integer series;

  @Option(
      names = "--allow-incomplete",
      description =
          "Open a slide of several files without the levels that cannot be read, with a warning.")
  private boolean incomplete;

  private SlideOptions options() {
    SlideOptions options = SlideOptions.DEFAULT;
    if (slideMpp != null) {
      options = options.withMpp(slideMpp);
    }
    if (series != null) {
      options = options.withSeries(series);
    }
    return options.withIncomplete(incomplete);
  }

  SlideInput input(Path slide) {
    return new SlideInput(slide, Optional.ofNullable(reader), options());
  }

  Slide open(Path slide) {
    return input(slide).open();
  }

  /** Opens slides so, and says how. */
  SlideOpener opener() {
    return new SlideOpener() {
      @Override
      public Slide open(Path path) {
        return ReaderOptions.this.open(path);
      }

      @Override
      public void describe(Recipe.Builder recipe) {
        if (reader != null) {
          recipe.add("reader", reader);
        }
        recipe.with(options());
      }
    };
  }
}
