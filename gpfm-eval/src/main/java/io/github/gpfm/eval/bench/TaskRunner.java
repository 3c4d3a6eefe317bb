package io.github.gpfm.eval.bench;

import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.eval.EvaluationException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

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
   * @param progress is told of long work
   * @param hasher hashes of files, remembered beside the results
   * @param slides cases of a slide task
   * @param trained what the task of {@code train-on} found, if the task names one and it ran
   */
  record Run(
      BenchConfig config,
      TaskDefinition task,
      EncoderSpec encoder,
      long seed,
      ProgressListener progress,
      Recipe.Hasher hasher,
      Optional<SlideCohort> slides,
      Optional<Trained> trained) {
    /** The cases of a slide task. */
    SlideCohort cohort() {
      return slides.orElseThrow();
    }

    /** The encoders that the encoder fuses; empty if it fuses none. */
    List<EncoderSpec> parts() {
      return encoder.parts().isEmpty() ? List.of() : config.sources(encoder);
    }

    /** The same cell of another encoder. */
    Run with(EncoderSpec other) {
      return new Run(config, task, other, seed, progress, hasher, slides, trained);
    }

    /**
     * The encoder's folder with features of the task.
     *
     * @param otherwise what else would do, for instance {@code "or the task 'images'"}
     * @throws EvaluationException if the encoder has none
     */
    Path features(String otherwise) {
      return encoder.features(task).orElseThrow(() -> noFeatures(otherwise));
    }

    /** Says that the task lacks the encoder's features, and what else would do. */
    EvaluationException noFeatures(String otherwise) {
      return new EvaluationException(
          "task '%s' needs 'features' of encoder '%s'%s"
              .formatted(task.name(), encoder.name(), otherwise));
    }
  }

  /**
   * A task that ran with the same encoder and seed.
   *
   * @param task the task
   * @param cohort its cases
   * @param result what it found
   * @param recipe what that was made of
   */
  record Trained(TaskDefinition task, SlideCohort cohort, TaskResult result, Recipe recipe) {}
}
