package io.github.gpfm.api;

/** A feature holds NaN or an infinite value, which no feature file is to hold unasked. */
public class NonFiniteFeatureException extends GpfmException {
  private static final long serialVersionUID = 1L;

  private final String slide;
  private final int row;

  /**
   * @param message one sentence that names slide, tile and precision
   * @param slide its name
   * @param row of the feature in its file, from 0: the tile's number
   */
  public NonFiniteFeatureException(String message, String slide, int row) {
    super(message);
    this.slide = slide;
    this.row = row;
  }

  /** Name of the slide. */
  public String slide() {
    return slide;
  }

  /** Row of the feature in its file, from 0: the tile's number. */
  public int row() {
    return row;
  }
}
