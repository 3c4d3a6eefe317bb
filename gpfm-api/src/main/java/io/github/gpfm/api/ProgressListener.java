package io.github.gpfm.api;

/** Hears of long work. Calls may come from any thread, one at a time. */
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = new ProgressListener() {};

  /**
   * A stage begins.
   *
   * @param stage what is being done, for instance {@code embed slide-12}
   * @param total units of work, or -1 when unknown
   */
  default void started(String stage, long total) {}

  /**
   * Work was done.
   *
   * @param done units done since {@link #started}
   */
  default void advanced(long done) {}

  /** The stage has ended, well or not. */
  default void finished() {}
}
