package io.github.gpfm.distill.run;

import io.github.gpfm.distill.model.StepResult;

/** Hears of every step, on the training thread. */
public interface TrainingListener {
  /** Hears nothing. */
  TrainingListener NONE = (done, total, result) -> {};

  /**
   * A step has been done.
   *
   * @param done steps done, this one included
   * @param total steps of the run
   * @param result its terms and norms
   */
  void stepDone(long done, long total, StepResult result);
}
