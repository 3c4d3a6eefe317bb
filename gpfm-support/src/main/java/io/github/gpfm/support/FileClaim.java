package io.github.gpfm.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A claim of this process on an output: a lock file that says who has it. The system's lock on the
 * file ends with the process, so that the claim of a process that was killed on this host is taken
 * over; a claim from another host is respected and named with its age, since nobody here can tell
 * whether that process lives. Within one process a claim is had by one thread only.
 */
public final class FileClaim implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileClaim.class);
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();
  private static final int LONGEST_OWNER = 1 << 12;

  /**
   * What came of asking for a claim: the claim, or who has it.
   *
   * @param claim present if it was had
   * @param holder text for people, otherwise
   */
  public record Attempt(Optional<FileClaim> claim, String holder) {}

  private final Path file;
  private final FileChannel channel;
  private final FolderMutex mutex;
  private boolean closed;

  private FileClaim(Path file, FileChannel channel, FolderMutex mutex) {
    this.file = file;
    this.channel = channel;
    this.mutex = mutex;
  }

  /**
   * Asks for a claim; does not wait.
   *
   * @param lockFile file in an existing folder, made if need be and removed by {@link #close}
   * @param text more lines for the file
   * @throws IOException if the file cannot be written
   */
  static Attempt attempt(Path lockFile, String text) throws IOException {
    Path file = AtomicFile.folder(lockFile).toRealPath().resolve(lockFile.getFileName());
    FolderMutex mutex = FolderMutex.of(AtomicFile.folder(file));
    if (!OURS.add(file)) {
      return new Attempt(Optional.empty(), "another thread of this process");
    }
    @Nullable FileClaim claim = null;
    try {
      Attempt attempt = mutex.locked(() -> open(file, text, mutex));
      claim = attempt.claim().orElse(null);
      return attempt;
    } finally {
      if (claim == null) {
        OURS.remove(file);
      }
    }
  }

  /** Called with the mutex held, as is the removal: nobody locks a file that is being removed. */
  private static Attempt open(Path file, String text, FolderMutex mutex) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean taken = false;
    try {
      Locked locked = lock(channel);
      Optional<Owner> owner = owner(channel);
      boolean alive =
          switch (locked) {
            case BY_US -> owner.isPresent() && !owner.get().isHere();
            case BY_ANOTHER -> true;
            case UNKNOWN ->
                owner.isPresent() && (!owner.get().isHere() || Owner.isAlive(owner.get().pid()));
          };
      if (alive) {
        return new Attempt(
            Optional.empty(), owner.map(one -> describe(one, file)).orElse("another process"));
      }
      owner.ifPresent(dead -> LOG.info("{} is taken over: {} has ended.", file, dead.describe()));
      byte[] content = (Owner.self().write() + "\n" + text).getBytes(StandardCharsets.UTF_8);
      channel.truncate(0);
      ByteBuffer bytes = ByteBuffer.wrap(content);
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      taken = true;
      return new Attempt(Optional.of(new FileClaim(file, channel, mutex)), "");
    } finally {
      if (!taken) {
        channel.close();
      }
    }
  }

  private enum Locked {
    BY_US,
    BY_ANOTHER,
    UNKNOWN
  }

  private static Locked lock(FileChannel channel) {
    try {
      return channel.tryLock() == null ? Locked.BY_ANOTHER : Locked.BY_US;
    } catch (OverlappingFileLockException e) {
      // Another copy of this class, loaded by another class loader.
      return Locked.BY_ANOTHER;
    } catch (IOException e) {
      // A file system without locks: who has it is told by the file alone.
      return Locked.UNKNOWN;
    }
  }

  private static Optional<Owner> owner(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST_OWNER);
    int read = 0;
    while (read >= 0 && bytes.hasRemaining()) {
      read = channel.read(bytes, bytes.position());
    }
    String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    return text.lines().findFirst().flatMap(Owner::parse);
  }

  private static String describe(Owner owner, Path file) {
    if (owner.isHere()) {
      return owner.describe();
    }
    String since = "";
    try {
      Duration age = Duration.between(Files.getLastModifiedTime(file).toInstant(), Instant.now());
      since = ", claimed " + Owner.age(age) + " ago";
    } catch (IOException e) {
      LOG.debug("The age of {} is not known: {}", file, e.getMessage());
    }
    return owner.describe() + since + " (if it is no longer running there, remove " + file + ")";
  }

  /** Gives the claim up and removes the lock file. */
  @Override
  public void close() {
    try {
      mutex.run(
          () -> {
            if (!closed) {
              closed = true;
              Files.deleteIfExists(file);
              channel.close();
              OURS.remove(file);
            }
          });
    } catch (IOException e) {
      LOG.warn("The claim {} cannot be removed: {}", file, e.getMessage());
    }
  }
}
