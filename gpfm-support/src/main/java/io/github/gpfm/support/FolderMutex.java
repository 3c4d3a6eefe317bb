package io.github.gpfm.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets one thread of one process at a time do something short in a folder: across processes by the
 * system's lock on a file, within this one by a lock in memory, for the system's locks know
 * processes only. Reentrant.
 */
final class FolderMutex {
  private static final Logger LOG = LoggerFactory.getLogger(FolderMutex.class);
  private static final Map<Path, FolderMutex> ALL = new ConcurrentHashMap<>();

  /** Something to do while nobody else does. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  /** The same without a result. */
  @FunctionalInterface
  interface Step {
    void run() throws IOException;
  }

  private final ReentrantLock threads = new ReentrantLock();
  private final Path file;
  private boolean warned;

  private FolderMutex(Path file) {
    this.file = file;
  }

  /** The mutex of an existing folder. */
  static FolderMutex of(Path folder) throws IOException {
    return ALL.computeIfAbsent(folder.toRealPath().resolve("mutex"), FolderMutex::new);
  }

  /** The file that is locked. */
  Path file() {
    return file;
  }

  void run(Step step) throws IOException {
    locked(
        () -> {
          step.run();
          return Boolean.TRUE;
        });
  }

  <T> T locked(Action<T> action) throws IOException {
    threads.lock();
    try {
      // The file is opened by the outermost call only: closing it would release the lock.
      if (threads.getHoldCount() > 1) {
        return action.run();
      }
      while (true) {
        Files.createDirectories(AtomicFile.folder(file));
        try (FileChannel channel =
            FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
          Optional<Object> opened = key();
          lock(channel);
          // Whoever had the lock before may have removed the file: then nobody else sees this one.
          if (opened.isPresent() && opened.equals(key())) {
            return action.run();
          }
        }
      }
    } finally {
      threads.unlock();
    }
  }

  /** Removes the file; only for an action that is being run. */
  void remove() throws IOException {
    Files.deleteIfExists(file);
  }

  /** What tells this file from another of the same name. */
  private Optional<Object> key() throws IOException {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      Object key = attributes.fileKey();
      return Optional.of(key == null ? attributes.creationTime() : key);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void lock(FileChannel channel) {
    try {
      channel.lock();
    } catch (IOException e) {
      if (!warned) {
        warned = true;
        LOG.warn(
            "{} cannot be locked ({}): let only one run at a time use this folder.",
            file,
            e.getMessage());
      }
    }
  }
}
