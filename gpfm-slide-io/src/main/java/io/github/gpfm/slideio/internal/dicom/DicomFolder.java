package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.internal.io.SlideFile;
import io.github.gpfm.support.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The whole-slide images of a folder by series, those among them that cannot be parsed, and nothing
 * of other files. Files stay open until {@link #close()}, which {@link #keep} exempts from.
 */
final class DicomFolder implements AutoCloseable {
  private static final int MAX_FILES = 100_000;
  private static final int HEAD = 132;

  private final TreeMap<String, List<DicomInstance>> series = new TreeMap<>();
  private final List<Broken> broken = new ArrayList<>();
  private final Budget budget;

  /**
   * A DICOM file that cannot be parsed.
   *
   * @param series UID of its series, empty if even that is not known
   */
  record Broken(Path path, String series, SlideException error) {
    /** Whether it is or may be a part of a series. */
    boolean concerns(String uid) {
      return series.isEmpty() || series.equals(uid);
    }
  }

  private DicomFolder(Budget budget) {
    this.budget = budget;
  }

  /**
   * Looks at every file of a folder but one.
   *
   * @param except a file that is open already
   * @param budget for deflated files, all together
   */
  static DicomFolder scan(Path folder, @Nullable Path except, Budget budget) {
    DicomFolder result = new DicomFolder(budget);
    try {
      for (Path path : files(folder)) {
        boolean known = except != null && path.getFileName().equals(except.getFileName());
        if (!known) {
          result.add(path);
        }
      }
      return result;
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
  }

  /** Whether a folder holds a DICOM file. */
  static boolean holdsDicom(Path folder) {
    for (Path path : files(folder)) {
      try (SlideFile file = new SlideFile(path)) {
        if (DicomParser.recognises(file.readUpTo(0, HEAD))) {
          return true;
        }
      } catch (SlideException e) {
        // Not to be opened: no sign of DICOM.
        continue;
      }
    }
    return false;
  }

  private void add(Path path) {
    SlideFile file;
    try {
      file = new SlideFile(path);
    } catch (SlideException e) {
      // What cannot be opened may be anything, but for its name.
      if (isNamedDicom(path)) {
        broken.add(new Broken(path, "", e));
      }
      return;
    }
    boolean kept = false;
    DicomDataset dataset = new DicomDataset(file);
    try {
      if (!DicomParser.recognises(file.readUpTo(0, HEAD))) {
        // A copy that broke off at its beginning is no longer a DICOM file, and was a level.
        if (isNamedDicom(path)) {
          broken.add(new Broken(path, "", file.damaged("it has no DICOM header")));
        }
        return;
      }
      DicomParser.parse(dataset, budget);
      DicomInstance instance = new DicomInstance(dataset);
      if (instance.wholeSlide()) {
        series.computeIfAbsent(instance.series(), uid -> new ArrayList<>()).add(instance);
        kept = true;
      } else if (instance.unknownClass()) {
        broken.add(
            new Broken(path, "", file.damaged("it ends before it states what it is (SOP class)")));
      }
    } catch (SlideException e) {
      DicomInstance known = new DicomInstance(dataset);
      boolean other = dataset.value(DicomTag.SOP_CLASS_UID).isPresent() && !known.wholeSlide();
      if (!other) {
        broken.add(new Broken(path, series(known), e));
      }
    } finally {
      if (!kept) {
        file.close();
      }
    }
  }

  private static boolean isNamedDicom(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".dcm") || name.endsWith(".dicom");
  }

  /** Its series as far as it can be read. */
  private static String series(DicomInstance instance) {
    try {
      return instance.series();
    } catch (SlideException e) {
      return "";
    }
  }

  /**
   * The series that have an image of the slide itself, and those nothing is known of but damage.
   */
  List<String> slides() {
    List<String> uids = new ArrayList<>();
    series.forEach(
        (uid, instances) -> {
          if (instances.stream().anyMatch(one -> one.flavor().equals("VOLUME"))) {
            uids.add(uid);
          }
        });
    broken.stream()
        .map(Broken::series)
        .filter(uid -> !uid.isEmpty() && !series.containsKey(uid) && !uids.contains(uid))
        .distinct()
        .forEach(uids::add);
    return uids.stream().sorted().toList();
  }

  /** A file of a series, for messages. */
  Path example(String uid) {
    return series.containsKey(uid)
        ? series.get(uid).get(0).file().path()
        : broken.stream().filter(one -> one.series().equals(uid)).findFirst().orElseThrow().path();
  }

  /** What cannot be parsed and is or may be a part of a series. */
  List<Broken> broken(String uid) {
    return broken.stream().filter(one -> one.concerns(uid)).toList();
  }

  /** The first file that cannot be parsed. */
  Optional<Broken> firstBroken() {
    return broken.stream().findFirst();
  }

  /** Hands over the files of a series, which {@link #close()} then leaves open. */
  List<DicomInstance> keep(String uid) {
    List<DicomInstance> kept = series.remove(uid);
    return kept == null ? List.of() : kept;
  }

  @Override
  public void close() {
    series.values().forEach(all -> all.forEach(instance -> instance.file().close()));
    series.clear();
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> files =
          entries
              .filter(path -> !path.getFileName().toString().startsWith("."))
              .filter(Files::isRegularFile)
              .sorted()
              .limit(MAX_FILES + 1L)
              .toList();
      if (files.size() > MAX_FILES) {
        throw new SlideFormatException(
            folder,
            folder + " has more than " + MAX_FILES + " files: give the slide a folder of its own.");
      }
      return files;
    } catch (IOException e) {
      throw new SlideFormatException(
          folder, "The folder " + folder + " cannot be listed: " + e.getMessage() + ".", e);
    }
  }
}
