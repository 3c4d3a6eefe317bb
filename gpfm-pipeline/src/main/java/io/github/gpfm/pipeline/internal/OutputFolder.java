package io.github.gpfm.pipeline.internal;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.OutputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks on where results go, made before any work. */
public final class OutputFolder {
  private OutputFolder() {}

  /**
   * Checks that the folder exists or can be made, without making it.
   *
   * @throws OutputException if results cannot be written there
   */
  public static void requireWritable(Path folder) {
    Path at = folder.toAbsolutePath().normalize();
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    if (at == null || !Files.isDirectory(at)) {
      throw new OutputException(
              "Cannot write to " + folder + " (" + at + " is not a folder): choose another.")
          .about("output");
    }
    if (!Files.isWritable(at)) {
      throw new OutputException(
              "Cannot write to " + folder + " (no permission in " + at + "): choose another.")
          .about("output");
    }
  }

  /**
   * Checks that no two slides would write the same files.
   *
   * @param names name of each slide
   * @param paths path of each slide
   * @throws InvalidOptionException naming both sides of a conflict
   */
  public static void requireDistinct(List<String> names, List<Path> paths) {
    Map<String, Path> seen = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      Path other = seen.put(names.get(i), paths.get(i));
      if (other != null) {
        throw new InvalidOptionException(
                other
                    + " and "
                    + paths.get(i)
                    + " would both be written as "
                    + names.get(i)
                    + ": give each its own output folder.")
            .about("output");
      }
    }
  }
}
