package io.github.gpfm.distill.run;

import io.github.gpfm.api.Encoder;
import java.util.Map;

/** Measures the momentum teacher while it is trained, on the training thread. */
@FunctionalInterface
public interface TeacherEvaluation {
  /**
   * Figures by name, for instance {@code knn20_balanced_accuracy}; they are logged as {@code
   * eval/NAME}.
   *
   * @param done steps done; 0 before the first
   * @param teacher as an export of now would load; closed by the caller afterwards
   * @throws io.github.gpfm.api.GpfmException if it cannot be measured: before the first step this
   *     ends the run, later it is a warning
   */
  Map<String, Double> evaluate(long done, Encoder teacher);
}
