package io.github.gpfm.api;

/**
 * Something that shapes a result and can say what of it does: a segmenter, a grid, an encoder, a
 * task. What it says is provenance, and decides whether a result is there already.
 */
public interface Described {
  /**
   * Adds everything that decides the result, the content of every file included, and what is worth
   * noting besides. Two objects that would give different results must say something different.
   *
   * @throws GpfmException if a file that belongs to it cannot be read
   */
  void describe(Recipe.Builder recipe);
}
