package io.github.gpfm.api;

import java.util.List;

/**
 * Words in, features out that can be compared with those of an image encoder trained beside it.
 * Thread-safe.
 */
public interface TextEncoder extends AutoCloseable {
  /** Catalogue name of the model, the same as that of its image encoder. */
  String name();

  /** Label of the image encoder's feature that texts are compared with. */
  String imageFeature();

  /** Length of a feature. */
  int dimension();

  /** By which the model multiplies cosines before a softmax. */
  double scale();

  /** Lower-case hexadecimal SHA-256 of the weight file. */
  String weightsSha256();

  /**
   * Features of texts, of unit length. A text that is too long is cut, as by the authors.
   *
   * @param texts at least one
   * @return for each text {@link #dimension()} values
   */
  List<float[]> embed(List<String> texts);

  /** Releases weights and native memory; may be called twice. */
  @Override
  void close();
}
