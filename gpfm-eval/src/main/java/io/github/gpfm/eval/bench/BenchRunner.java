package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.eval.metric.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs every task with every encoder and seed. Results already on disk are not made again; a cell
 * that cannot be run is left out with its reason, and the rest goes on.
 */
public final class BenchRunner {
  private static final Logger LOG = LoggerFactory.getLogger(BenchRunner.class);

  private final BenchConfig config;
  private final ResultStore store;

  /**
   * @param config what to run
   */
  public BenchRunner(BenchConfig config) {
    this.config = config;
    this.store = new ResultStore(config.output());
  }

  /**
   * Runs what is missing and joins everything.
   *
   * @param progress hears of cells and of long work within them
   */
  public BenchReport run(ProgressListener progress) {
    Map<String, Map<String, Map<String, Interval>>> table = new LinkedHashMap<>();
    Remarks remarks = new Remarks(config);
    for (TaskDefinition task : config.tasks()) {
      for (EncoderSpec encoder : config.encoders()) {
        Map<String, List<Interval>> parts = new LinkedHashMap<>();
        for (long seed : config.seeds()) {
          TaskRunner.Run run = new TaskRunner.Run(config, task, encoder, seed, progress);
          try {
            TaskResult result = cell(run);
            result.notes().forEach(n -> remarks.add(run, n));
            result
                .figures()
                .forEach((k, v) -> parts.computeIfAbsent(k, x -> new ArrayList<>()).add(v));
          } catch (GpfmException e) {
            LOG.warn("{}, {}, seed {}: {}", task.name(), encoder.name(), seed, e.getMessage());
            remarks.add(run, "left out: " + e.getMessage());
          }
        }
        Map<String, Interval> figures = new LinkedHashMap<>();
        parts.forEach((name, values) -> figures.put(name, TaskResult.mean(values)));
        table.computeIfAbsent(task.name(), t -> new LinkedHashMap<>()).put(encoder.name(), figures);
      }
    }
    return new BenchReport(config, table, remarks.lines());
  }

  private TaskResult cell(TaskRunner.Run run) {
    Optional<TaskResult> known = store.find(run);
    if (known.isPresent()) {
      LOG.info("{} with {} is already there", run.task().name(), run.encoder().name());
      return known.get();
    }
    LOG.info("{} with {}, seed {}", run.task().name(), run.encoder().name(), run.seed());
    TaskResult result = runner(run.task().type()).run(run);
    store.save(run, result);
    return result;
  }

  private static TaskRunner runner(TaskType type) {
    return switch (type) {
      case ROI_CLASSIFICATION -> new RoiClassificationRunner();
      case ROI_RETRIEVAL -> new RoiRetrievalRunner();
      case WSI_CLASSIFICATION, SURVIVAL -> new SlideRunner();
      case VQA -> new VqaRunner();
      case REPORT_GENERATION -> new ReportRunner();
    };
  }
}
