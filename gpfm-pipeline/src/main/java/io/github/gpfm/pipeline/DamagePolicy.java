package io.github.gpfm.pipeline;

/** What becomes of a slide whose pixels cannot be read everywhere. */
public enum DamagePolicy {
  /** It fails, with an error that names the place. */
  FAIL,
  /**
   * Tiles that cannot be read are left out, counted and named in the result; tissue is not found
   * where nothing can be read. Every tile is read once more than otherwise.
   */
  SKIP
}
