package io.github.gpfm.slideio.internal;

/**
 * A slide whose reader another may stand in for at a read that it fails by a fault of its own. One
 * whose reader the caller chose shows that reader's results, errors included.
 */
public interface Substitutable {
  /** Lets another reader step in from now on. */
  void allowSubstitute();
}
