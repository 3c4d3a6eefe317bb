package io.github.gpfm.tiling.given;

import io.github.gpfm.api.Recipe;
import io.github.gpfm.api.TilingException;
import io.github.gpfm.tiling.format.SlideName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the file of a slide in a folder that holds one for each. */
final class SlideOwnFile {
  private SlideOwnFile() {}

  /**
   * The file.
   *
   * @param given a file, which is taken as it is, or a folder
   * @param slide whose file is wanted
   * @param what for messages, for instance {@code coordinates}
   * @param patterns names relative to the folder, {@code %s} standing for the slide's name
   * @throws TilingException if there is none, or several
   */
  static Path of(Path given, Path slide, String what, List<String> patterns) {
    if (!Files.isDirectory(given)) {
      if (!Files.exists(given)) {
        throw new TilingException("There is no file or folder of " + what + " " + given + ".");
      }
      return given;
    }
    String name = SlideName.of(slide);
    List<Path> found =
        patterns.stream()
            .map(pattern -> given.resolve(pattern.replace("%s", name)))
            .filter(Files::isRegularFile)
            .toList();
    if (found.isEmpty()) {
      throw new TilingException(
          "%s holds no %s of %s; the file may be %s."
              .formatted(given, what, slide, String.join(", ", patterns).replace("%s", name)));
    }
    if (found.size() > 1) {
      throw new TilingException(
          "%s holds more than one file of %s of %s, %s and %s: give one of them, or a folder with one."
              .formatted(
                  given, what, slide, found.get(0).getFileName(), found.get(1).getFileName()));
    }
    return found.get(0);
  }

  /** The file by its content; of a folder, whose files differ by slide, only the name. */
  static void describe(Recipe.Builder recipe, String name, Path given) {
    if (Files.isDirectory(given)) {
      recipe.add(name + "-folder", given.toAbsolutePath().normalize());
    } else {
      recipe.file(name, given);
    }
  }
}
