package io.github.gpfm.eval.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import io.github.gpfm.api.Recipe;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Results on disk, one JSON file a cell with the recipe it was made by, so that an interrupted
 * benchmark goes on where it stopped. A result counts only if the recipe is the same, the data's
 * content included; otherwise it is made again, and a line says what differs.
 */
final class ResultStore {
  private static final Logger LOG = LoggerFactory.getLogger(ResultStore.class);
  private static final Gson GSON =
      new GsonBuilder().setPrettyPrinting().serializeSpecialFloatingPointValues().create();

  private record Stored(@Nullable Map<String, String> recipe, @Nullable TaskResult result) {}

  private final Path folder;

  ResultStore(Path folder) {
    this.folder = folder;
  }

  private Path file(TaskRunner.Run run) {
    return folder
        .resolve("results")
        .resolve(run.task().fileName())
        .resolve(run.encoder().fileName())
        .resolve("seed-" + run.seed() + ".json");
  }

  /** The stored result of the same work. */
  Optional<TaskResult> find(TaskRunner.Run run, Recipe wanted) {
    Path file = file(run);
    boolean there = Files.isRegularFile(file);
    Optional<Stored> stored = there ? read(file) : Optional.empty();
    Optional<Recipe> found = stored.flatMap(s -> Optional.ofNullable(s.recipe)).map(Recipe::of);
    Decision decision = Decision.of(wanted, there, found);
    switch (decision.kind()) {
      case SAME -> {
        return stored.flatMap(s -> Optional.ofNullable(s.result));
      }
      case OTHER ->
          LOG.warn(
              "{} with {}, seed {} is made again: {}",
              run.task().name(),
              run.encoder().name(),
              run.seed(),
              decision.describe());
      case OLD, FOREIGN ->
          LOG.warn("'{}' does not say what it was made of; it is made again", file);
      case ABSENT -> {}
    }
    return Optional.empty();
  }

  private static Optional<Stored> read(Path file) {
    try {
      return Optional.ofNullable(GSON.fromJson(Files.readString(file), Stored.class));
    } catch (IOException | JsonParseException | IllegalArgumentException e) {
      LOG.warn("the stored result '{}' cannot be read and is made again", file);
      return Optional.empty();
    }
  }

  void save(TaskRunner.Run run, Recipe recipe, TaskResult result) {
    AtomicFile.text(file(run), GSON.toJson(new Stored(recipe.entries(), result)));
  }
}
