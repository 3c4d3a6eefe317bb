package io.github.gpfm.distill.run;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.distill.config.DistillConfig;
import io.github.gpfm.distill.config.DistillConfigs;
import io.github.gpfm.distill.expert.Expert;
import io.github.gpfm.distill.schedule.Schedules;
import io.github.gpfm.encoder.weights.WeightFile;
import io.github.gpfm.support.Decision;
import io.github.gpfm.support.RecordDescription;
import io.github.gpfm.tiling.dataset.TileDataset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run is made of, and what of it may change between its sessions. */
final class RunRecipe {
  private static final Logger LOG = LoggerFactory.getLogger(RunRecipe.class);
  private static final String EPOCHS = "optim.epochs";

  private final DistillConfig config;
  private final Recipe recipe;

  RunRecipe(
      DistillConfig config, TileDataset tiles, Map<String, Expert> experts, Recipe.Hasher hasher) {
    this.config = config;
    Recipe.Builder builder = Recipe.builder(hasher).with(new RecordDescription(config)).with(tiles);
    if (config.recipe().teacherDrop() > 0) {
      // Dropping is normalized within a shard, so that another number of them learns otherwise.
      builder.add("recipe.teacher-drop.shards", config.train().shards());
    }
    shards(builder, "student.weights", config.student().weights());
    shards(builder, "recipe.frozen-teacher", config.recipe().frozenTeacher());
    config
        .experts()
        .keySet()
        .forEach(
            name ->
                Optional.ofNullable(experts.get(name))
                    .ifPresent(expert -> builder.part("expert." + name, expert)));
    this.recipe = builder.build();
  }

  /** A model's folder and an index of shards stand for other files, whose content decides. */
  private static void shards(Recipe.Builder builder, String name, String weights) {
    Path path = Path.of(weights);
    if (!weights.isEmpty() && Files.exists(path)) {
      List<Path> files = WeightFile.files(path);
      if (!files.equals(List.of(path))) {
        for (Path file : files) {
          builder.file(name + "." + file.getFileName(), file);
        }
      }
    }
  }

  /** Metadata of a checkpoint, sorted: equal runs write equal files. */
  Map<String, String> entries() {
    return recipe.entries();
  }

  /**
   * Checks that a checkpoint is of this run, and notes what else has changed.
   *
   * @param done steps done by the checkpoint
   * @param lengthen whether the run may have more epochs than before
   * @throws InvalidOptionException naming what differs
   */
  void requireSame(WeightFile checkpoint, long done, boolean lengthen) {
    Recipe before = Recipe.of(checkpoint.metadata());
    Decision decision = Decision.of(recipe, true, Optional.of(before));
    if (decision.kind() == Decision.Kind.OLD) {
      throw new InvalidOptionException(
          "Checkpoint '%s' was written by a version up to 0.1.0, whose record does not name the experts' and tiles' content; choose another --out."
              .formatted(checkpoint.path()));
    }
    List<Recipe.Difference> differences = decision.differences();
    if (differences.size() == 1 && isLonger(differences.get(0))) {
      if (!lengthen) {
        throw new InvalidOptionException(
            "Checkpoint '%s' belongs to a run of fewer epochs (%s); --lengthen allows it and says what it does to the schedules."
                .formatted(checkpoint.path(), decision.describe()));
      }
      describeLengthening(differences.get(0), done);
    } else if (!differences.isEmpty()) {
      throw new InvalidOptionException(
          "Checkpoint '%s' belongs to another run (%s); restore it or choose another --out."
              .formatted(checkpoint.path(), decision.describe()));
    }
    recipe
        .entries()
        .forEach(
            (name, value) -> {
              String former = before.entries().get(name);
              if (name.startsWith(Recipe.NOTE) && !Objects.equals(former, value)) {
                LOG.warn(
                    "{}: {} → {} from step {}",
                    name.substring(Recipe.NOTE.length()),
                    former,
                    value,
                    done);
              }
            });
  }

  private static boolean isLonger(Recipe.Difference difference) {
    return difference.name().equals(EPOCHS)
        && difference.before().isPresent()
        && difference.after().isPresent()
        && Integer.parseInt(difference.after().get()) > Integer.parseInt(difference.before().get());
  }

  private void describeLengthening(Recipe.Difference epochs, long done) {
    DistillConfig shorter =
        DistillConfigs.with(config, Map.of(EPOCHS, epochs.before().orElseThrow()));
    long last = Math.min(done, shorter.totalSteps() - 1L);
    LOG.warn(
        "The run is lengthened ({}): all schedules are stretched over the new length, so that after step {} they jump from {} to {}. The result is not that of a run of this length from its beginning.",
        epochs,
        done,
        Schedules.of(shorter).at(last),
        Schedules.of(config).at(done));
  }
}
