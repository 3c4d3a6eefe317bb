package io.github.gpfm.api;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How to open a slide.
 *
 * @param mpp resolution of level 0 in µm per pixel that overrides the file's own statement
 * @param series which image of a multi-image file to open, for readers that know several; the
 *     largest when empty
 * @param incomplete whether a slide of several files opens without the levels and associated images
 *     that cannot be read, with a warning for each; otherwise one of them is an error
 */
public record SlideOptions(OptionalDouble mpp, OptionalInt series, boolean incomplete)
    implements Described {
  /** No override, the reader's own choice of series. */
  public static final SlideOptions DEFAULT =
      new SlideOptions(OptionalDouble.empty(), OptionalInt.empty(), false);

  /** Options of a slide that must be whole. */
  public SlideOptions(OptionalDouble mpp, OptionalInt series) {
    this(mpp, series, false);
  }

  /** Checks that an mpp is finite and positive and a series not negative. */
  public SlideOptions {
    if (mpp.isPresent() && !(mpp.getAsDouble() > 0 && mpp.getAsDouble() < Double.MAX_VALUE)) {
      throw new InvalidOptionException(
              "A slide's mpp must be a positive number of micrometres per pixel, not "
                  + mpp.getAsDouble()
                  + ".")
          .about("SlideOptions.mpp");
    }
    if (series.isPresent() && series.getAsInt() < 0) {
      throw new InvalidOptionException("series must be 0 or more, not " + series.getAsInt() + ".")
          .about("series");
    }
  }

  /** What is not left to the file. */
  @Override
  public void describe(Recipe.Builder recipe) {
    mpp.ifPresent(value -> recipe.add("mpp", value));
    series.ifPresent(value -> recipe.add("series", value));
    if (incomplete) {
      recipe.add("incomplete", true);
    }
  }

  /**
   * @param mpp µm per level-0 pixel, on both axes
   */
  public SlideOptions withMpp(double mpp) {
    return new SlideOptions(OptionalDouble.of(mpp), series, incomplete);
  }

  /**
   * @param series index of the image to open, from 0
   */
  public SlideOptions withSeries(int series) {
    return new SlideOptions(mpp, OptionalInt.of(series), incomplete);
  }

  /**
   * @param incomplete whether levels and associated images that cannot be read may be left out
   */
  public SlideOptions withIncomplete(boolean incomplete) {
    return new SlideOptions(mpp, series, incomplete);
  }
}
