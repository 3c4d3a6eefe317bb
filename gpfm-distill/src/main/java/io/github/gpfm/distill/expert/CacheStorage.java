package io.github.gpfm.distill.expert;

import io.github.gpfm.api.InvalidOptionException;

/**
 * How tokens are kept in a cache.
 *
 * @param half whether in bfloat16, which has eight bits of precision, instead of float32
 * @param components principal components kept of each token; 0 for the whole token. They are those
 *     of the tokens as they are, no mean taken out, so that lengths and angles stay what they were
 *     but for what the other components had of them
 */
public record CacheStorage(boolean half, int components) {
  /** The tokens as the expert gives them. */
  public static final CacheStorage WHOLE = new CacheStorage(false, 0);

  /** Checks the number of components. */
  public CacheStorage {
    if (components < 0) {
      throw new InvalidOptionException("components must not be negative; give 0 for all.");
    }
  }
}
