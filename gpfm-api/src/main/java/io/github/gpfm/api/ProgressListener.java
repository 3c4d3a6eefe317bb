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
   * A stage begins of which an earlier run did a part; rates should leave that part out.
   *
   * @param stage what is being done
   * @param total units of work in all, or -1 when unknown
   * @param done units the earlier run did
   */
  default void started(String stage, long total, long done) {
    started(stage, total);
    if (done > 0) {
      advanced(done);
    }
  }

  /**
   * Work was done.
   *
   * @param done units of the stage done so far, those of an earlier run included
   */
  default void advanced(long done) {}

  /** The stage has ended, well or not. */
  default void finished() {}
}
