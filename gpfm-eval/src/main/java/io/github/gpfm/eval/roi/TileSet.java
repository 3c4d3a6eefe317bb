package io.github.gpfm.eval.roi;

import io.github.gpfm.eval.EvaluationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Labelled images: one subfolder a class.
 *
 * @param classes class names, the subfolders in order of their names
 * @param files images in order of their paths
 * @param labels class of each image
 */
public record TileSet(List<String> classes, List<Path> files, List<Integer> labels) {
  private static final List<String> ENDINGS = List.of(".png", ".jpg", ".jpeg", ".tif", ".tiff");

  /** Copies the lists. */
  public TileSet {
    classes = List.copyOf(classes);
    files = List.copyOf(files);
    labels = List.copyOf(labels);
  }

  /**
   * Lists a folder of class folders.
   *
   * @throws EvaluationException if there are fewer than two classes or a class has no image
   */
  public static TileSet ofFolder(Path folder) {
    List<String> classes = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Path sub : children(folder)) {
      if (Files.isDirectory(sub)) {
        int label = classes.size();
        classes.add(sub.getFileName().toString());
        List<Path> images = children(sub).stream().filter(TileSet::isImage).toList();
        if (images.isEmpty()) {
          throw new EvaluationException("class folder '" + sub + "' holds no image");
        }
        files.addAll(images);
        images.forEach(i -> labels.add(label));
      }
    }
    if (classes.size() < 2) {
      throw new EvaluationException(
          "'" + folder + "' has " + classes.size() + " class folders; it needs two or more");
    }
    return new TileSet(classes, files, labels);
  }

  private static boolean isImage(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ENDINGS.stream().anyMatch(name::endsWith);
  }

  private static List<Path> children(Path folder) {
    try (Stream<Path> stream = Files.list(folder)) {
      return stream.sorted().toList();
    } catch (IOException e) {
      throw new EvaluationException("the folder '" + folder + "' cannot be listed", e);
    }
  }

  /** Name of an image in results: class folder and file name. */
  public String id(int i) {
    return classes.get(labels.get(i)) + "/" + files.get(i).getFileName();
  }
}
