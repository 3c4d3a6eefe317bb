package io.github.gpfm.pipeline;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.support.RunStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Pictures and tables beside a slide's result. They have no room for what they were made of and may
 * outlive the result they were made with, so that the folder's store remembers it.
 *
 * @param files those that are asked for
 * @param recipe what they are to be made of
 */
record Companions(List<Path> files, Recipe recipe) {
  /** Copies the list. */
  Companions {
    files = List.copyOf(files);
  }

  /** Whether all are there and were made of the same. */
  boolean areThere(RunStore store) {
    return files.stream().allMatch(file -> Files.exists(file) && isSame(store, file));
  }

  private boolean isSame(RunStore store, Path file) {
    // A file that somebody has edited since is theirs, and stays.
    return store
        .remembered(file)
        .filter(one -> one.isComplete() && recipe.differencesFrom(one).isEmpty())
        .isPresent();
  }

  /** Writes them; whoever is stopped meanwhile leaves none that is taken for another's. */
  List<Path> write(RunStore store, Supplier<List<Path>> writer) {
    files.forEach(store::forget);
    List<Path> written = writer.get();
    written.forEach(file -> store.remember(file, recipe));
    return written;
  }
}
