package io.github.gpfm.examples;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.features.FeatureFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Feature files given one by one or as folders. */
final class FeatureFileList {
  private FeatureFileList() {}

  /**
   * Files by the names of their slides, in order.
   *
   * @throws InvalidOptionException if a folder holds none, or two files would have one name
   */
  static Map<String, Path> of(List<Path> paths) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (Path path : paths) {
      for (Path file : Files.isDirectory(path) ? inFolder(path) : List.of(path)) {
        Path former = files.putIfAbsent(nameOf(file), file);
        if (former != null) {
          throw new InvalidOptionException(
              "%s and %s would both be written as %s: give them in two calls with two --out."
                  .formatted(former, file, nameOf(file)));
        }
      }
    }
    return files;
  }

  private static List<Path> inFolder(Path folder) {
    List<String> names = FeatureFormat.all().stream().map(FeatureFormat::name).toList();
    List<Path> files = new ArrayList<>();
    try (Stream<Path> entries = Files.list(folder)) {
      entries
          .filter(Files::isRegularFile)
          .filter(file -> ending(file).filter(names::contains).isPresent())
          .filter(file -> !file.getFileName().toString().endsWith("-coords.npy"))
          .sorted()
          .forEach(files::add);
    } catch (IOException e) {
      throw new GpfmException(folder + " cannot be listed (" + e.getMessage() + "); check it.", e);
    }
    if (files.isEmpty()) {
      throw new InvalidOptionException(
          folder + " holds no feature file (" + String.join(", ", names) + "): check the path.");
    }
    return files;
  }

  private static Optional<String> ending(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot < 0 ? Optional.empty() : Optional.of(name.substring(dot + 1));
  }

  private static String nameOf(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? name : name.substring(0, dot);
  }
}
