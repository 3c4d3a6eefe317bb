package io.github.gpfm.eval.bench;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.ProgressListener;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.support.FileClaim;
import io.github.gpfm.support.RunStore;
import java.io.Serializable;
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
   * A result to be made.
   *
   * @param task name of the task
   * @param encoder name of the encoder
   * @param seed its seed
   */
  public record Cell(String task, String encoder, long seed) implements Serializable {}

  /**
   * @param config what to run
   */
  public BenchRunner(BenchConfig config) {
    this.config = config;
    this.store = new ResultStore(config.output());
  }

  /**
   * All cells in the order in which they can be made: those of a task and an encoder follow each
   * other, since they share what the encoder gave; those of tasks that report with another's heads
   * stand behind all others.
   */
  public List<Cell> cells() {
    List<Cell> cells = new ArrayList<>();
    for (TaskDefinition task : ordered()) {
      for (EncoderSpec encoder : config.encoders()) {
        config.seeds().forEach(seed -> cells.add(new Cell(task.name(), encoder.name(), seed)));
      }
    }
    return cells;
  }

  /**
   * Makes one cell's result, unless it is there, for a run that shares its cells out to processes
   * with the same folder of results: no cell is claimed.
   *
   * @param progress is told of long work
   * @return why it cannot be made; empty if it is there now
   */
  public Optional<String> make(Cell cell, ProgressListener progress) {
    TaskDefinition task =
        config.tasks().stream().filter(t -> t.name().equals(cell.task())).findFirst().orElseThrow();
    EncoderSpec encoder =
        config.encoders().stream()
            .filter(e -> e.name().equals(cell.encoder()))
            .findFirst()
            .orElseThrow();
    try (RunStore folder = RunStore.open(config.output())) {
      Optional<String> trainOn = task.trainOn();
      if (trainOn.isPresent()) {
        // Its result is there by now; what it was made of is not known in this process.
        make(new Cell(trainOn.get(), cell.encoder(), cell.seed()), progress);
      }
      TaskRunner.Run run = run(folder, task, encoder, cell.seed(), cohort(task), progress);
      keep(run, cell(folder, run, false));
      return Optional.empty();
    } catch (GpfmException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Runs what is missing and joins everything.
   *
   * @param progress hears of cells and of long work within them
   */
  public BenchReport run(ProgressListener progress) {
    return run(progress, Map.of());
  }

  /**
   * The same without cells that cannot be made, as {@link #make} said.
   *
   * @param leftOut reasons by cell
   */
  public BenchReport run(ProgressListener progress, Map<Cell, String> leftOut) {
    Remarks remarks = new Remarks(config);
    try (RunStore folder = RunStore.open(config.output())) {
      folder.begin(
          Recipe.builder(folder.hashes())
              .add("command", "bench")
              .add("protocol", config.protocol().key())
              .build());
      for (TaskDefinition task : ordered()) {
        task(folder, task, remarks, progress, leftOut);
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
      RunStore folder,
      TaskDefinition task,
      Remarks remarks,
      ProgressListener progress,
      Map<Cell, String> leftOut) {
    Optional<SlideCohort> slides = Optional.empty();
    Optional<GpfmException> broken = Optional.empty();
    try {
      slides = cohort(task);
    } catch (GpfmException e) {
      broken = Optional.of(e);
    }
    for (EncoderSpec encoder : config.encoders()) {
      Map<String, String> idle = IdleKeys.of(task.type(), task.settings(), encoder);
      for (long seed : config.seeds()) {
        TaskRunner.Run run = run(folder, task, encoder, seed, slides, progress);
        try {
          if (broken.isPresent()) {
            throw broken.get();
          }
          String reason = leftOut.get(new Cell(task.name(), encoder.name(), seed));
          if (reason != null) {
            throw new EvaluationException(reason);
          }
          TaskResult result = cell(folder, run, true);
          idle.forEach((key, why) -> remarks.add(run, "'%s' has no effect %s".formatted(key, why)));
          result.notes().forEach(n -> remarks.add(run, n));
          keep(run, result);
        } catch (GpfmException e) {
          failed++;
          LOG.warn("{}, {}, seed {}: {}", task.name(), encoder.name(), seed, e.getMessage());
          remarks.add(run, "left out: " + e.getMessage());
        }
      }
    }
  }

  private Optional<SlideCohort> cohort(TaskDefinition task) {
    if (!task.type().ofSlides()) {
      return Optional.empty();
    }
    SlideCohort cohort = cohorts.get(task.name());
    if (cohort == null) {
      cohort = new SlideCohort(config, task);
      cohorts.put(task.name(), cohort);
    }
    return Optional.of(cohort);
  }

  private TaskRunner.Run run(
      RunStore folder,
      TaskDefinition task,
      EncoderSpec encoder,
      long seed,
      Optional<SlideCohort> slides,
      ProgressListener progress) {
    return new TaskRunner.Run(
        config,
        task,
        encoder,
        seed,
        progress,
        folder.hashes(),
        slides,
        trained(task, encoder, seed));
  }

  private void keep(TaskRunner.Run run, TaskResult result) {
    results
        .computeIfAbsent(run.task().name(), t -> new LinkedHashMap<>())
        .computeIfAbsent(run.encoder().name(), e -> new LinkedHashMap<>())
        .put(run.seed(), result);
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

  private TaskResult cell(RunStore folder, TaskRunner.Run run, boolean claimed) {
    String name =
        "%s with %s, seed %d".formatted(run.task().name(), run.encoder().name(), run.seed());
    Recipe recipe = CellRecipe.of(run, folder.hashes());
    recipes.put(name(run.task().name(), run.encoder(), run.seed()), recipe);
    if (!claimed) {
      return make(run, recipe, name);
    }
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
      return make(run, recipe, name);
    }
  }

  private TaskResult make(TaskRunner.Run run, Recipe recipe, String name) {
    Optional<TaskResult> known = store.find(run, recipe);
    if (known.isPresent()) {
      LOG.info("{} is already there", name);
      return known.get();
    }
    LOG.info("{}", name);
    if (NetworkTraining.isShazam(run.encoder()) && !run.task().type().ofSlides()) {
      throw new EvaluationException(
          "'fusion: shazam' of encoder '%s' is a head of slides; concatenate or average for '%s'"
              .formatted(run.encoder().name(), run.task().name()));
    }
    TaskResult result = runner(run.task().type()).run(run);
    store.save(run, recipe, result);
    return result;
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
