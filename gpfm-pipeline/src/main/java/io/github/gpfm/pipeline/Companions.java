package io.github.gpfm.pipeline;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.RunStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * Pictures and tables beside a slide's result. They have no room for what they were made of and may
 * outlive the result they were made with, so that the folder's store remembers it.
 *
 * @param files those that are asked for
 * @param others those that another run with other options may have left
 * @param recipe what they are to be made of
 */
record Companions(List<Path> files, List<Path> others, Recipe recipe) {
  /** Copies the lists; what is asked for is none of the others. */
  Companions {
    List<Path> wanted = List.copyOf(files);
    files = wanted;
    others = others.stream().filter(file -> !wanted.contains(file)).toList();
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

  /**
   * Writes them; whoever is stopped meanwhile leaves none that is taken for another's. Others of
   * other tiles or scores are removed, unless somebody has edited them.
   */
  List<Path> write(RunStore store, Supplier<List<Path>> writer) {
    files.forEach(store::forget);
    others.forEach(file -> removeStale(store, file));
    List<Path> written = writer.get();
    written.forEach(file -> store.remember(file, recipe));
    return written;
  }

  private void removeStale(RunStore store, Path file) {
    boolean stale =
        store.recall(file).filter(one -> !recipe.differencesFrom(one).isEmpty()).isPresent();
    if (stale) {
      store.forget(file);
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw AtomicFile.cannotWrite(file, e);
      }
    }
  }
}
