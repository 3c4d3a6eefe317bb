package io.github.gpfm.spark.internal;

import io.github.gpfm.api.SlideException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.util.SerializableConfiguration;

/** Files of Hadoop file systems, and which paths are none. */
public final class HadoopFiles implements Serializable {
  private static final long serialVersionUID = 1;

  /** Their extensions name slides whose data is in the folder of the same name. */
  private static final List<String> WITH_FOLDER = List.of("mrxs", "vsi");

  /**
   * A file or folder as a slide.
   *
   * @param bytes of all its files
   * @param modified the latest of their times
   * @param files all of them
   */
  record Content(long bytes, long modified, List<FileStatus> files) {}

  private final SerializableConfiguration configuration;

  /**
   * @param configuration of the driver's session
   */
  public HadoopFiles(SerializableConfiguration configuration) {
    this.configuration = configuration;
  }

  /** Whether a path is of this machine: it has no scheme, or {@code file:}. */
  public static boolean isLocal(String path) {
    return !path.matches("[A-Za-z][A-Za-z0-9+.-]+:.*") || path.startsWith("file:");
  }

  /** A local path without its scheme. */
  public static Path local(String path) {
    return path.startsWith("file:")
        ? Path.of(new org.apache.hadoop.fs.Path(path).toUri().getPath())
        : Path.of(path);
  }

  /** The last name of a path. */
  static String fileName(String path) {
    return new org.apache.hadoop.fs.Path(path).getName();
  }

  FileSystem system(String path) throws IOException {
    return system(new org.apache.hadoop.fs.Path(path));
  }

  private FileSystem system(org.apache.hadoop.fs.Path path) throws IOException {
    return path.getFileSystem(configuration.value());
  }

  /**
   * What a path holds: a file, with its folder where the format has one, or a folder.
   *
   * @throws SlideException if it is not there or cannot be read
   */
  Content content(String path) {
    return content(path, new org.apache.hadoop.fs.Path(path));
  }

  /** The same of a local path. */
  Content content(Path path) {
    // As a URI: in a string the escapes of spaces and letters beyond ASCII would be escaped again.
    return content(path.toString(), new org.apache.hadoop.fs.Path(path.toUri()));
  }

  private Content content(String path, org.apache.hadoop.fs.Path root) {
    try {
      FileSystem system = system(root);
      List<FileStatus> files = new ArrayList<>();
      FileStatus status = system.getFileStatus(root);
      if (status.isDirectory()) {
        addAll(system, root, files);
      } else {
        files.add(status);
        folderOf(root)
            .filter(folder -> exists(system, folder))
            .ifPresent(f -> tryAll(system, f, files));
      }
      long bytes = files.stream().mapToLong(FileStatus::getLen).sum();
      long modified = files.stream().mapToLong(FileStatus::getModificationTime).max().orElse(0);
      return new Content(bytes, modified, files);
    } catch (FileNotFoundException e) {
      throw new SlideException(Path.of(root.getName()), "There is no slide " + path + ".", e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  static SlideException unreadable(String path, IOException e) {
    return new SlideException(
        Path.of(fileName(path)), path + " cannot be read: " + e.getMessage() + ".", e);
  }

  private static Optional<org.apache.hadoop.fs.Path> folderOf(org.apache.hadoop.fs.Path file) {
    String name = file.getName();
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    if (!WITH_FOLDER.contains(extension)) {
      return Optional.empty();
    }
    String stem = name.substring(0, dot);
    return Optional.of(
        new org.apache.hadoop.fs.Path(
            file.getParent(), extension.equals("vsi") ? "_" + stem + "_" : stem));
  }

  private static boolean exists(FileSystem system, org.apache.hadoop.fs.Path path) {
    try {
      return system.exists(path);
    } catch (IOException e) {
      throw unreadable(path.toString(), e);
    }
  }

  private static void tryAll(
      FileSystem system, org.apache.hadoop.fs.Path folder, List<FileStatus> files) {
    try {
      addAll(system, folder, files);
    } catch (IOException e) {
      throw unreadable(folder.toString(), e);
    }
  }

  private static void addAll(
      FileSystem system, org.apache.hadoop.fs.Path folder, List<FileStatus> files)
      throws IOException {
    RemoteIterator<LocatedFileStatus> all = system.listFiles(folder, true);
    while (all.hasNext()) {
      files.add(all.next());
    }
  }
}
