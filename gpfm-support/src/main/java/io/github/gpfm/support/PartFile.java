package io.github.gpfm.support;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names of files and folders in the making: {@code .NAME.HOST-PID-RANDOM.part}. The random part
 * keeps threads and processes out of each other's way; host and process tell whose it is, so that
 * what a killed run left can be removed without touching what a live one is writing.
 */
public final class PartFile {
  private static final Logger LOG = LoggerFactory.getLogger(PartFile.class);

  private static final Pattern NAME =
      Pattern.compile("\\..+\\.([0-9a-f]{8})-([0-9]+)-[0-9a-f]{8}\\.part");

  /** Versions up to 0.1.0 gave every process the same name, which says nothing of its owner. */
  private static final Pattern OLD_NAME = Pattern.compile("\\..+\\.part");

  private static final Duration OLD_NAMES_DIE_AFTER = Duration.ofHours(1);

  /** Most file systems allow 255 bytes; a long name is cut, which does no harm here. */
  private static final int LONGEST_STEM = 60;

  private PartFile() {}

  /** A name in the file's folder that nobody has used yet. */
  static Path of(Path file) {
    String stem = String.valueOf(file.getFileName());
    if (stem.length() > LONGEST_STEM) {
      stem = stem.substring(0, LONGEST_STEM);
    }
    Owner self = Owner.self();
    int random = ThreadLocalRandom.current().nextInt();
    return AtomicFile.folder(file)
        .resolve(".%s.%s-%d-%08x.part".formatted(stem, self.hostId(), self.pid(), random));
  }

  /**
   * Removes what runs that ended on this host left in a folder, and parts of versions up to 0.1.0
   * that nobody has written to for an hour. A folder that is not there is left so.
   *
   * @return how many were removed
   * @throws IOException if the folder cannot be listed
   */
  public static int removeStale(Path folder) throws IOException {
    int removed = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, ".*.part")) {
      for (Path file : files) {
        if (isStale(file) && deleteTree(file)) {
          removed++;
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return 0;
    }
    return removed;
  }

  /**
   * Removes a file, or a folder with all that is in it; links are not followed. What cannot be
   * removed is logged.
   *
   * @return whether it was there and is gone
   */
  public static boolean deleteTree(Path path) {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
          entries.forEach(PartFile::deleteTree);
        }
      }
      return Files.deleteIfExists(path);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed: {}", path, e.getMessage());
      return false;
    }
  }

  private static boolean isStale(Path file) throws IOException {
    String name = String.valueOf(file.getFileName());
    Optional<Instant> touched = touched(file);
    if (touched.isEmpty()) {
      return false;
    }
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return OLD_NAME.matcher(name).matches()
          && touched.get().isBefore(Instant.now().minus(OLD_NAMES_DIE_AFTER));
    }
    if (!matcher.group(1).equals(Owner.self().hostId())) {
      return false;
    }
    // A process that began after the file was last written to has another's number.
    long pid = Long.parseLong(matcher.group(2));
    return !Owner.isAlive(pid) || Owner.started(pid).filter(touched.get()::isBefore).isPresent();
  }

  private static Optional<Instant> touched(Path file) throws IOException {
    try {
      // A second to spare: file systems and the process table round differently.
      return Optional.of(Files.getLastModifiedTime(file).toInstant().plusSeconds(1));
    } catch (NoSuchFileException e) {
      // Its owner has just moved it into place.
      return Optional.empty();
    }
  }
}
