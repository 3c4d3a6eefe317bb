package io.github.gpfm.support;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Recipe;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SHA-256 of files, computed once as long as path, length, times and inode stay the same. A hash is
 * remembered in this process and, if a folder is given, in a file there that runs share and only
 * append to. Thread-safe.
 */
public final class FileHashes implements Recipe.Hasher {
  private static final Logger LOG = LoggerFactory.getLogger(FileHashes.class);

  /** A file changed within this time may change again without its times telling. */
  private static final Duration TOO_FRESH = Duration.ofSeconds(2);

  private record Known(String stamp, String sha256) {}

  private static final Map<Path, Known> MEMORY = new ConcurrentHashMap<>();

  private final @Nullable Path cache;
  private final Map<String, Known> stored;

  private FileHashes(@Nullable Path cache) {
    this.cache = cache;
    this.stored = cache == null ? Map.of() : read(cache);
  }

  /** Remembers in this process only. */
  public static FileHashes inMemory() {
    return new FileHashes(null);
  }

  /**
   * Remembers in a file too.
   *
   * @param cache need not exist; its folder is made when the first hash is kept
   */
  static FileHashes in(Path cache) {
    return new FileHashes(cache);
  }

  /** {@inheritDoc} */
  @Override
  public String sha256(Path file) {
    try {
      Path real = file.toRealPath();
      String stamp = stamp(real);
      Known known = MEMORY.get(real);
      if (known == null || !known.stamp().equals(stamp)) {
        known = stored.get(real.toString());
      }
      if (known != null && known.stamp().equals(stamp)) {
        return known.sha256();
      }
      String sha256 = Sha256.of(real);
      if (!stamp(real).equals(stamp)) {
        throw new GpfmException(
            file + " was changed while it was read: run again when it is whole.");
      }
      if (!isFresh(real)) {
        MEMORY.put(real, new Known(stamp, sha256));
        keep(real, stamp, sha256);
      }
      return sha256;
    } catch (IOException e) {
      throw new GpfmException(
          file + " cannot be read (" + e.getClass().getSimpleName() + ": " + e.getMessage() + ").",
          e);
    }
  }

  /** Text that changes when the file's content does, in all but contrived cases. */
  public static String stamp(Path file) throws IOException {
    BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
    StringBuilder stamp = new StringBuilder();
    stamp.append(basic.size()).append(' ').append(nanos(basic.lastModifiedTime()));
    try {
      // The time of change shows a content whose time of modification was set back.
      Map<String, Object> unix = Files.readAttributes(file, "unix:ino,ctime");
      stamp.append(' ').append(unix.get("ino"));
      if (unix.get("ctime") instanceof FileTime changed) {
        stamp.append(' ').append(nanos(changed));
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      stamp.append(" -");
    }
    return stamp.toString();
  }

  private static String nanos(FileTime time) {
    Instant instant = time.toInstant();
    return instant.getEpochSecond() + "." + "%09d".formatted(instant.getNano());
  }

  private static boolean isFresh(Path file) throws IOException {
    Instant modified = Files.getLastModifiedTime(file).toInstant();
    return modified.isAfter(Instant.now().minus(TOO_FRESH));
  }

  /** A line is short enough to be appended whole, so that processes do not mix theirs. */
  private void keep(Path file, String stamp, String sha256) {
    if (cache == null || file.toString().indexOf('\n') >= 0) {
      return;
    }
    try {
      Files.createDirectories(AtomicFile.folder(cache));
      Files.writeString(
          cache,
          sha256 + "\t" + stamp + "\t" + file + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      LOG.debug("The hash of {} is not kept: {}", file, e.getMessage());
    }
  }

  private static Map<String, Known> read(Path cache) {
    Map<String, Known> known = new ConcurrentHashMap<>();
    if (Files.isRegularFile(cache)) {
      try {
        for (String line : Files.readAllLines(cache)) {
          parse(line).ifPresent(entry -> known.put(entry.getKey(), entry.getValue()));
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be read ({}): hashes are computed again.", cache, e.getMessage());
      }
    }
    return known;
  }

  private static Optional<Map.Entry<String, Known>> parse(String line) {
    String[] parts = line.split("\t", 3);
    return parts.length == 3 && parts[0].matches("[0-9a-f]{64}")
        ? Optional.of(Map.entry(parts[2], new Known(parts[1], parts[0])))
        : Optional.empty();
  }
}
