package io.github.gpfm.distill.run;

import io.github.gpfm.distill.model.StepResult;
import java.util.Map;

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

  /**
   * The teacher has been measured.
   *
   * @param done steps done; 0 before the first
   * @param figures of the {@link TeacherEvaluation}
   */
  default void evaluated(long done, Map<String, Double> figures) {}
}
