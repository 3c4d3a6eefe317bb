package io.github.gpfm.slideio.spi;

import io.github.gpfm.api.SlideException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What tells a file apart from another that takes its place while it is read.
 *
 * @param key the file system's own identity of the file, where it has one
 * @param size bytes
 * @param modified time of the last change
 */
record FileStamp(@Nullable Object key, long size, FileTime modified) {
  /** The stamp of a regular file; empty for anything else. */
  static Optional<FileStamp> of(Path path) {
    try {
      return Files.isRegularFile(path) ? Optional.of(read(path)) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Refuses a slide whose file is no longer the one that was opened: readers that open it again in
   * between would mix pixels of two slides.
   *
   * @throws SlideException if it vanished, was replaced or written to
   */
  void requireUnchanged(Path path) {
    FileStamp now;
    try {
      now = read(path);
    } catch (IOException e) {
      throw new SlideException(path, path + " vanished while it was read.", e);
    }
    if (!Objects.equals(key, now.key) || size != now.size || !modified.equals(now.modified)) {
      throw new SlideException(path, path + " was replaced or changed while it was read.");
    }
  }

  private static FileStamp read(Path path) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
    return new FileStamp(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
  }
}
