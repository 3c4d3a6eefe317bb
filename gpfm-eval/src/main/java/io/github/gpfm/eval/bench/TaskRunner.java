package io.github.gpfm.eval.bench;

import io.github.gpfm.api.ProgressListener;

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
      ProgressListener progress) {}
}
