package io.github.gpfm.api;

/** Tile features that a slide encoder was not trained on, or that do not say what they are. */
public class SlideEncoderMismatchException extends EncoderException {
  private static final long serialVersionUID = 1L;

  /**
   * @param message one sentence naming both sides and the fix
   */
  public SlideEncoderMismatchException(String message) {
    super(message);
  }
}
