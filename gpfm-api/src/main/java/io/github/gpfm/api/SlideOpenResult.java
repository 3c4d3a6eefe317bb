package io.github.gpfm.api;

/** What a {@link SlideProvider} answers: the open slide, or why it declined. */
public sealed interface SlideOpenResult {
  /**
   * @param slide open and owned by the caller
   */
  record Opened(Slide slide) implements SlideOpenResult {}

  /**
   * @param reason one clause that fits after "NAME: ", for instance "not a TIFF file" or "library
   *     not found: install libopenslide0"
   */
  record Declined(String reason) implements SlideOpenResult {}
}
