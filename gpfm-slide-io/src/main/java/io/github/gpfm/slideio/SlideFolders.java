package io.github.gpfm.slideio;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.internal.dicom.DicomSlides;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * What a folder stands for in a list of slides: itself if it is a DICOM slide, else the slides and
 * pictures in it, sorted by name. Hidden files, {@code ._} files of macOS, and the folders that
 * belong to a slide beside them are left out.
 *
 * @param recursive whether folders in folders are looked into too; those that are DICOM slides
 *     count always
 * @param glob which file names count, for instance {@code *.svs}; those that end as slides and
 *     pictures do when empty
 */
public record SlideFolders(boolean recursive, Optional<String> glob) {
  private static final int MAX_DEPTH = 64;

  /** Slides and pictures of the folder itself. */
  public static final SlideFolders DEFAULT = new SlideFolders(false, Optional.empty());

  /** Checks the pattern. */
  public SlideFolders {
    glob.ifPresent(SlideFolders::matcher);
  }

  /**
   * Puts the slides of folders in the folders' places; files stay. What is named twice is there
   * once.
   *
   * @throws SlideException if a folder cannot be listed
   * @throws InvalidOptionException if a folder holds no slide
   */
  public List<Path> expand(List<Path> given) {
    Set<Path> all = new LinkedHashSet<>();
    for (Path path : given) {
      if (!Files.isDirectory(path)) {
        all.add(path);
        continue;
      }
      if (DicomSlides.holdsDicom(path)) {
        all.add(path);
        // A slide of another kind beside the DICOM files is not dropped without a word.
        list(path).stream()
            .filter(file -> Files.isRegularFile(file) && SlideExtensions.isOtherSlide(file))
            .forEach(all::add);
        continue;
      }
      List<Path> found = new ArrayList<>();
      collect(path, 0, found);
      if (found.isEmpty()) {
        throw new InvalidOptionException(
                path
                    + " holds no slide or picture"
                    + glob.map(pattern -> " that matches the pattern " + pattern).orElse("")
                    + (recursive ? "." : "; its folders are not looked into (recursive)."))
            .about("glob", "recursive");
      }
      all.addAll(found);
    }
    return List.copyOf(all);
  }

  private void collect(Path folder, int depth, List<Path> found) {
    List<Path> entries = list(folder);
    Set<String> companions = companions(entries);
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      if (name.startsWith(".") || companions.contains(name)) {
        continue;
      }
      if (!Files.isDirectory(entry)) {
        if (matches(entry)) {
          found.add(entry);
        }
      } else if (DicomSlides.holdsDicom(entry)) {
        if (glob.isEmpty() || matches(entry)) {
          found.add(entry);
        }
      } else if (recursive && depth < MAX_DEPTH) {
        collect(entry, depth + 1, found);
      }
    }
  }

  /** Names of folders that hold the pixels of a slide beside them. */
  private static Set<String> companions(List<Path> entries) {
    Set<String> names = new LinkedHashSet<>();
    for (Path entry : entries) {
      String name = entry.getFileName().toString();
      String extension = SlideExtensions.of(name);
      if (extension.equals("mrxs")) {
        names.add(name.substring(0, name.length() - 5));
      } else if (extension.equals("vsi")) {
        names.add("_" + name.substring(0, name.length() - 4) + "_");
      }
    }
    return names;
  }

  private boolean matches(Path entry) {
    Path name = entry.getFileName();
    return glob.isPresent()
        ? matcher(glob.get()).matches(name)
        : SlideExtensions.isSlideOrPicture(name.toString());
  }

  private static PathMatcher matcher(String pattern) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    } catch (PatternSyntaxException e) {
      throw new InvalidOptionException(
              "The pattern "
                  + pattern
                  + " of names (glob) is not valid: "
                  + e.getDescription()
                  + ".")
          .about("glob");
    }
  }

  private static List<Path> list(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().toList();
    } catch (IOException e) {
      throw new SlideException(
          folder, "The folder " + folder + " cannot be listed: " + e.getMessage() + ".", e);
    }
  }
}
