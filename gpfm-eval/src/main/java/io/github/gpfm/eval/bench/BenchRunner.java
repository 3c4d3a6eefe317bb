package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.FileClaim;
import io.github.gpfm.support.RunStore;
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
  private final Map<String, Map<String, Map<Long, TaskResult>>> results = new LinkedHashMap<>();
  private final Map<String, SlideCohort> cohorts = new LinkedHashMap<>();
  private final Map<String, Recipe> recipes = new LinkedHashMap<>();
  private int failed;

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
    Remarks remarks = new Remarks(config);
    try (RunStore folder = RunStore.open(config.output())) {
      folder.begin(
          Recipe.builder(folder.hashes())
              .add("command", "bench")
              .add("protocol", config.protocol().key())
              .build());
      for (TaskDefinition task : ordered()) {
        task(folder, task, remarks, progress);
      }
    }
    Map<String, Map<String, Map<String, Figure>>> table = new LinkedHashMap<>();
    Map<String, Map<String, List<TaskResult>>> outcomes = new LinkedHashMap<>();
    for (TaskDefinition task : config.tasks()) {
      Map<String, List<TaskResult>> byEncoder = new LinkedHashMap<>();
      results
          .getOrDefault(task.name(), Map.of())
          .forEach((encoder, seeds) -> byEncoder.put(encoder, List.copyOf(seeds.values())));
      outcomes.put(task.name(), byEncoder);
      table.put(task.name(), figures(byEncoder));
    }
    int cells = config.tasks().size() * config.encoders().size() * config.seeds().size();
    return new BenchReport(config, table, outcomes, remarks.lines(), cells, failed);
  }

  /** Tasks as they stand, but those that report with another's heads behind all others. */
  private List<TaskDefinition> ordered() {
    List<TaskDefinition> order = new ArrayList<>();
    config.tasks().stream().filter(t -> t.trainOn().isEmpty()).forEach(order::add);
    config.tasks().stream().filter(t -> t.trainOn().isPresent()).forEach(order::add);
    return order;
  }

  private void task(
      RunStore folder, TaskDefinition task, Remarks remarks, ProgressListener progress) {
    List<String> idle =
        IdleKeys.of(task.type(), task.settings()).entrySet().stream()
            .map(e -> "'%s' has no effect %s".formatted(e.getKey(), e.getValue()))
            .toList();
    Optional<SlideCohort> slides = Optional.empty();
    Optional<GpfmException> broken = Optional.empty();
    if (task.type().ofSlides()) {
      try {
        SlideCohort cohort = new SlideCohort(config, task);
        cohorts.put(task.name(), cohort);
        slides = Optional.of(cohort);
      } catch (GpfmException e) {
        broken = Optional.of(e);
      }
    }
    for (EncoderSpec encoder : config.encoders()) {
      for (long seed : config.seeds()) {
        TaskRunner.Run run =
            new TaskRunner.Run(
                config,
                task,
                encoder,
                seed,
                progress,
                folder.hashes(),
                slides,
                trained(task, encoder, seed));
        try {
          if (broken.isPresent()) {
            throw broken.get();
          }
          TaskResult result = cell(folder, run);
          idle.forEach(n -> remarks.add(run, n));
          result.notes().forEach(n -> remarks.add(run, n));
          results
              .computeIfAbsent(task.name(), t -> new LinkedHashMap<>())
              .computeIfAbsent(encoder.name(), e -> new LinkedHashMap<>())
              .put(seed, result);
        } catch (GpfmException e) {
          failed++;
          LOG.warn("{}, {}, seed {}: {}", task.name(), encoder.name(), seed, e.getMessage());
          remarks.add(run, "left out: " + e.getMessage());
        }
      }
    }
  }

  private Optional<TaskRunner.Trained> trained(
      TaskDefinition task, EncoderSpec encoder, long seed) {
    return task.trainOn()
        .flatMap(
            name -> {
              TaskResult result =
                  results
                      .getOrDefault(name, Map.of())
                      .getOrDefault(encoder.name(), Map.of())
                      .get(seed);
              SlideCohort cohort = cohorts.get(name);
              Recipe recipe = recipes.get(name(name, encoder, seed));
              return result == null || cohort == null || recipe == null
                  ? Optional.empty()
                  : Optional.of(new TaskRunner.Trained(cohort.task(), cohort, result, recipe));
            });
  }

  private Map<String, Map<String, Figure>> figures(Map<String, List<TaskResult>> byEncoder) {
    TaskFigures joint =
        new TaskFigures(
            byEncoder.values().stream().flatMap(List::stream).toList(),
            config.protocol(),
            config.replicates(),
            config.seeds().get(0));
    Map<String, Map<String, Figure>> figures = new LinkedHashMap<>();
    byEncoder.forEach(
        (encoder, seeds) -> {
          Map<String, Figure> own = new LinkedHashMap<>(joint.of(seeds));
          double p = PooledRisks.logRank(seeds);
          if (!Double.isNaN(p)) {
            own.put("log_rank_p", BenchReport.point(p));
          }
          figures.put(encoder, own);
        });
    return figures;
  }

  private TaskResult cell(RunStore folder, TaskRunner.Run run) {
    String name =
        "%s with %s, seed %d".formatted(run.task().name(), run.encoder().name(), run.seed());
    Recipe recipe = CellRecipe.of(run, folder.hashes());
    recipes.put(name(run.task().name(), run.encoder(), run.seed()), recipe);
    FileClaim.Attempt attempt = folder.claim("cell " + name);
    try (FileClaim claim =
        attempt
            .claim()
            .orElseThrow(
                () ->
                    new EvaluationException(
                        "another run makes it (%s); run again when that has ended"
                            .formatted(attempt.holder())))) {
      LOG.debug("claimed {} by {}", name, claim);
      Optional<TaskResult> known = store.find(run, recipe);
      if (known.isPresent()) {
        LOG.info("{} is already there", name);
        return known.get();
      }
      LOG.info("{}", name);
      TaskResult result = runner(run.task().type()).run(run);
      store.save(run, recipe, result);
      return result;
    }
  }

  private static String name(String task, EncoderSpec encoder, long seed) {
    return task + "\n" + encoder.name() + "\n" + seed;
  }

  private static TaskRunner runner(TaskType type) {
    return switch (type) {
      case ROI_CLASSIFICATION -> new RoiClassificationRunner();
      case ROI_RETRIEVAL -> new RoiRetrievalRunner();
      case ROI_ROBUSTNESS -> new RoiRobustnessRunner();
      case WSI_CLASSIFICATION, WSI_REGRESSION, WSI_MULTILABEL, SURVIVAL -> new SlideRunner();
      case VQA -> new VqaRunner();
      case REPORT_GENERATION -> new ReportRunner();
    };
  }
}
