package io.github.gpfm.eval.bench;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Path;

/** Runs one kind of task. */
interface TaskRunner {
  /**
   * @param run what to run, and under which rules
   * @throws io.github.gpfm.api.GpfmException if nothing of it can be run
   */
  TaskResult run(Run run);

  /**
   * One cell of the benchmark.
   *
   * @param config protocol, replicates, output
   * @param task row
   * @param encoder column
   * @param seed seed of splits, training and bootstrap
   * @param progress hears of long work
   */
  record Run(
      BenchConfig config,
      TaskDefinition task,
      EncoderSpec encoder,
      long seed,
      ProgressListener progress) {
    /**
     * The encoder's folder with features of the task.
     *
     * @param otherwise what else would do, for instance {@code "or the task 'images'"}
     * @throws EvaluationException if the encoder has none
     */
    Path features(String otherwise) {
      return encoder
          .features(task)
          .orElseThrow(
              () ->
                  new EvaluationException(
                      "task '"
                          + task.name()
                          + "' needs 'features' of encoder '"
                          + encoder.name()
                          + "'"
                          + otherwise));
    }
  }
}
