package io.github.gpfm.api;

/**
 * The features of a slide's tiles in, one feature of the whole slide out.
 *
 * <p>Thread-safe. A slide encoder was trained on the features of certain patch encoders, from tiles
 * of a certain size and resolution; features of others would give a number without meaning, and are
 * refused.
 */
public interface SlideEncoder extends AutoCloseable {
  /** Name, dimensions, and the tiles it was trained on. */
  SlideEncoderInfo info();

  /**
   * The feature of a slide.
   *
   * @param tiles features of its tiles, at least one
   * @return {@link SlideEncoderInfo#dimension()} values, or as many as a tile's feature has where
   *     that is 0
   * @throws SlideEncoderMismatchException if the tiles are not those the encoder was trained on, or
   *     do not say what they are; see {@link SlideEncoderInfo#require}
   * @throws DeviceMemoryException if the slide's tiles do not fit the device
   * @throws EncoderException if the encoder is closed, or the tiles cannot be placed where it needs
   *     their places
   */
  float[] embed(SlideFeatures tiles);

  /** Releases weights and native memory; may be called twice. */
  @Override
  void close();
}
