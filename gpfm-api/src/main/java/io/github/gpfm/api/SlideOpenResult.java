package io.github.gpfm.api;

import java.util.List;

/** What a {@link SlideProvider} answers: the open slide, or why it declined. */
public sealed interface SlideOpenResult {
  /**
   * @param slide open and owned by the caller
   */
  record Opened(Slide slide) implements SlideOpenResult {}

  /**
   * @param reason one clause that fits after "NAME: ", for instance "not a TIFF file" or "library
   *     not found: install libopenslide0"
   * @param parameters those the reason is about, see {@link GpfmException#parameters()}
   * @param damaged whether it is a slide of a kind the reader knows, and not sound: no reader of a
   *     lower priority is then asked, which would show what is left of it
   */
  record Declined(String reason, List<String> parameters, boolean damaged)
      implements SlideOpenResult {
    /** Copies the parameters. */
    public Declined {
      parameters = List.copyOf(parameters);
    }

    /** A reason that is about no parameter. */
    public Declined(String reason) {
      this(reason, List.of(), false);
    }

    /** What an exception says. */
    public static Declined of(GpfmException e) {
      return new Declined(
          String.valueOf(e.getMessage()), e.parameters(), e instanceof DamagedSlideException);
    }
  }
}
