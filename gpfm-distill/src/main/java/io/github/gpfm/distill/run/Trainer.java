package io.github.gpfm.distill.run;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import io.github.gpfm.api.DeviceMemoryException;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.data.BatchLoader;
import io.github.gpfm.distill.data.CropBatch;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.expert.Standardizer;
import io.github.gpfm.distill.model.ParameterLayout;
import io.github.gpfm.distill.model.StepResult;
import io.github.gpfm.distill.model.StepState;
import io.github.gpfm.distill.model.TrainStep;
import io.github.gpfm.distill.schedule.Schedules;
import io.github.gpfm.distill.schedule.Schedules.Rates;
import io.github.gpfm.encoder.DeviceMemory;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.RunStore;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training run in a folder. Files there: {@code config.yaml}, {@code metrics.jsonl}, TensorBoard
 * events, {@code curves.html}, {@code checkpoint-*.safetensors}, {@code teacher.pth} and {@code
 * teacher.safetensors}. A run started again in its folder goes on from the newest checkpoint along
 * the same trajectory: all randomness is addressed by step, so nothing else needs to be saved.
 */
public final class Trainer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trainer.class);

  private final DistillConfig config;
  private final TileDataset tiles;
  private final Path folder;
  private final RunStore store;
  private final StepState state;
  private final TrainStep step;
  private final Standardizer standardizer;
  private final ShardBuilder builder;
  private final Schedules schedules;
  private final Checkpoints checkpoints;
  private final RunRecipe recipe;
  private final boolean lengthen;
  private long done;
  private long saved = -1;
  private boolean resumed;
  private final Device firstDevice;
  private @Nullable PeriodicEvaluation evaluation;
  private volatile boolean stopping;

  /**
   * Prepares a run and, if the folder holds a checkpoint of it, goes to where it stopped.
   *
   * @param tiles what to train on; owned by the caller
   * @param experts by the names of the configuration; owned by the caller
   * @param folder made if it is missing
   * @throws InvalidOptionException if the folder holds a run of another configuration or other
   *     tiles, an expert is missing, or a device is not there
   * @throws OutputException if the folder cannot be written, or another run is training there
   */
  public Trainer(
      DistillConfig config, TileDataset tiles, Map<String, Expert> experts, Path folder) {
    this(config, tiles, experts, folder, false);
  }

  /**
   * The same, for a run that may be longer than the one in the folder.
   *
   * @param lengthen whether a checkpoint of a run of fewer epochs is taken up; a warning then says
   *     how the schedules jump
   */
  public Trainer(
      DistillConfig config,
      TileDataset tiles,
      Map<String, Expert> experts,
      Path folder,
      boolean lengthen) {
    this.lengthen = lengthen;
    this.config = config;
    this.tiles = tiles;
    this.folder = folder;
    this.schedules = Schedules.of(config);
    List<Device> devices = Devices.parse(config.train().devices(), config.train().shards());
    ParameterLayout layout =
        ParameterLayout.of(
            config,
            widths(config, experts, Expert::dimension),
            widths(config, experts, Expert::patchDimension));
    this.firstDevice = devices.get(0);
    prepareFolder();
    this.store = RunStore.open(folder);
    this.checkpoints = new Checkpoints(folder, config.train().keepCheckpoints());
    try {
      store.claimAll("training");
      this.recipe = new RunRecipe(config, tiles, experts, store.hashes());
      this.state = new StepState(config, layout, devices);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
    try {
      checkpoints.removeParts();
      start();
      AtomicFile.text(folder.resolve("config.yaml"), DistillConfigs.write(config));
      this.standardizer = FirstPass.standardizer(config, tiles, experts, folder, recipe.entries());
      this.builder = new ShardBuilder(config, experts, standardizer, devices.size());
      this.step = new TrainStep(config, state, devices);
    } catch (RuntimeException e) {
      state.close();
      store.close();
      throw e;
    }
  }

  /** Steps done so far, those of earlier sessions included. */
  public long done() {
    return done;
  }

  /** Whether a checkpoint of this very run was there. */
  public boolean isResumed() {
    return resumed;
  }

  /** Trainable values of the student and its heads. */
  public long parameterCount() {
    return state.layout().parameterCount();
  }

  /** Asks the run to write a checkpoint and end after the current step; from any thread. */
  public void stop() {
    stopping = true;
  }

  /**
   * Has the teacher measured before the first step, after every {@code steps} steps and after the
   * last; the figures go to the logs and the page of curves. To be called before {@link #run}.
   *
   * @param steps 1 or more
   * @throws InvalidOptionException if {@code steps} is less
   */
  public void evaluateEvery(int steps, TeacherEvaluation measure) {
    if (steps < 1) {
      throw new InvalidOptionException(
          "Steps between evaluations must be 1 or more, not %d.".formatted(steps));
    }
    evaluation = new PeriodicEvaluation(steps, measure);
  }

  /**
   * Trains until the schedule ends or {@link #stop}.
   *
   * @return the exported teacher files; empty if stopped before the end
   * @throws io.github.gpfm.distill.model.NonFiniteException if a term became NaN or infinite; the
   *     newest checkpoint is from before
   * @throws DeviceMemoryException if a device is too small for a shard and the experts
   * @throws GpfmException if a tile cannot be read; a checkpoint has been written
   * @throws OutputException if a file cannot be written; what was there before is whole, and the
   *     run can be started again when there is room
   */
  public List<Path> run(TrainingListener listener) {
    long total = config.totalSteps();
    if (done < total) {
      train(total, listener);
    }
    return done >= total ? export("teacher") : List.of();
  }

  private void train(long total, TrainingListener listener) {
    checkpoints.requireRoom(state.byteSize());
    try (BatchLoader loader = new BatchLoader(config, tiles, done);
        RunLog log = new RunLog(folder, config, done)) {
      if (done == 0) {
        evaluate(log, total, listener);
      }
      while (done < total && !stopping) {
        Rates rates = schedules.at(done);
        long start = System.nanoTime();
        StepResult result = runStep(next(loader), rates);
        double seconds = (System.nanoTime() - start) / 1e9;
        done++;
        log.step(done, rates, result, config.train().batch() / seconds);
        listener.stepDone(done, total, result);
        if (done % config.train().checkpointEvery() == 0) {
          save();
        }
        evaluate(log, total, listener);
        int every = config.train().exportEvery();
        if (every > 0 && done % every == 0 && done < total) {
          export("teacher-%08d".formatted(done));
        }
      }
      // Before the log draws its page, which a full disk may refuse.
      save();
    }
  }

  private void evaluate(RunLog log, long total, TrainingListener listener) {
    PeriodicEvaluation due = evaluation;
    if (due == null || !due.due(done, total)) {
      return;
    }
    long start = System.nanoTime();
    Map<String, Double> figures = due.figures(done, folder, config, state, firstDevice);
    if (!figures.isEmpty()) {
      log.evaluation(done, figures, (System.nanoTime() - start) / 1e9);
      listener.evaluated(done, figures);
    }
  }

  /** The next batch; a tile that cannot be read costs no step done before. */
  private List<CropBatch> next(BatchLoader loader) {
    try {
      return loader.next();
    } catch (GpfmException e) {
      save();
      throw e;
    }
  }

  /**
   * Writes a checkpoint of the steps done so far, unless it is there.
   *
   * @throws OutputException if it cannot be written
   */
  public void save() {
    if (saved != done) {
      checkpoints.write(done, state.view(), recipe.entries());
      saved = done;
    }
  }

  /** Writes the momentum teacher as {@code NAME.pth} and {@code NAME.safetensors}. */
  public List<Path> export(String name) {
    return TeacherExport.write(
        folder, name, config, state.view(), StudentCard.markdown(config, tiles, done, folder));
  }

  @Override
  public void close() {
    step.close();
    standardizer.close();
    state.close();
    store.close();
  }

  private StepResult runStep(List<CropBatch> crops, Rates rates) {
    try {
      return step.run(crops.size(), builder.source(crops), rates);
    } catch (EngineException e) {
      if (!DeviceMemory.ranOut(e)) {
        throw e;
      }
      int tiles = config.train().batch() / crops.size();
      throw new DeviceMemoryException(
          "A device has too little memory for %d tiles at once; raise train.shards, set train.recompute or a lower train.precision, and start the run again."
              .formatted(tiles),
          e);
    }
  }

  private void start() {
    Optional<WeightFile> latest = checkpoints.latest();
    if (latest.isPresent()) {
      recipe.requireSame(latest.get(), Checkpoints.steps(latest.get().path()), lengthen);
      state.load(latest.get().tensors());
      done = Checkpoints.steps(latest.get().path());
      saved = done;
      resumed = true;
      LOG.info("Resuming {} after step {}", folder, done);
    } else if (!config.student().weights().isEmpty()) {
      state.start(InitialWeights.read(Path.of(config.student().weights()), state.layout()));
    }
  }

  private void prepareFolder() {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new OutputException(
          "Folder '%s' cannot be made (%s); choose another with --out."
              .formatted(
                  folder,
                  e instanceof FileAlreadyExistsException
                      ? "a file of this name is there"
                      : e.getClass().getSimpleName() + ": " + e.getMessage()),
          e);
    }
  }

  private static Map<String, Integer> widths(
      DistillConfig config, Map<String, Expert> experts, ToIntFunction<Expert> width) {
    Map<String, Integer> widths = new LinkedHashMap<>();
    config
        .experts()
        .forEach(
            (name, expert) -> {
              Expert model = experts.get(name);
              if (model == null) {
                throw new InvalidOptionException(
                    "Expert '%s' of the configuration is not given.".formatted(name));
              }
              if (config.needsPatchTokens(name) && !model.hasPatchTokens()) {
                throw new InvalidOptionException(
                    "Expert '%s' has no patch tokens; set its patch-weight to 0.".formatted(name));
              }
              widths.put(name, width.applyAsInt(model));
            });
    return widths;
  }
}
