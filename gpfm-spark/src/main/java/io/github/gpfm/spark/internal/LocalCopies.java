package io.github.gpfm.spark.internal;

import io.github.gpfm.api.SlideException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.PartFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Local copies of slides from Hadoop file systems, for this process: never more bytes than allowed.
 * Copies that nobody uses stay as long as there is room for others. What a process that has ended
 * left is removed by the next one. Thread-safe.
 */
public final class LocalCopies {
  private static final Map<Path, LocalCopies> OPEN = new ConcurrentHashMap<>();

  private final Path folder;
  private long most;
  private final Map<String, Copy> copies = new LinkedHashMap<>(16, 0.75f, true);
  private long used;
  private int number;

  private LocalCopies(Path folder) {
    this.folder = folder;
  }

  /**
   * The copies in a folder.
   *
   * @param folder below which this process has its own
   * @param most bytes of all of them from now on: what the last caller says holds
   */
  public static LocalCopies in(Path folder, long most) {
    LocalCopies copies =
        OPEN.computeIfAbsent(folder.toAbsolutePath().normalize(), LocalCopies::open);
    copies.allow(most);
    return copies;
  }

  private synchronized void allow(long bytes) {
    most = bytes;
    notifyAll();
  }

  private static LocalCopies open(Path folder) {
    try {
      Files.createDirectories(folder);
      PartFile.removeStale(folder);
      Path own = Files.createDirectory(AtomicFile.part(folder.resolve("gpfm-spark")));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> PartFile.deleteTree(own)));
      return new LocalCopies(own);
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(folder, e);
    }
  }

  private static final class Copy {
    final Path folder;
    final long bytes;
    int users;
    boolean ready;
    boolean kept;

    Copy(Path folder, long bytes) {
      this.folder = folder;
      this.bytes = bytes;
    }
  }

  /** A copy in use. */
  public final class Lease implements AutoCloseable {
    private final Copy copy;
    private final Path path;
    private boolean closed;

    private Lease(Copy copy, Path path) {
      this.copy = copy;
      this.path = path;
    }

    /** The local file or folder, of the same name. */
    public Path path() {
      return path;
    }

    /** Has the copy stay until the process ends; it does not count from now on. */
    Path keep() {
      synchronized (LocalCopies.this) {
        if (!copy.kept) {
          copy.kept = true;
          used -= copy.bytes;
          LocalCopies.this.notifyAll();
        }
        return path;
      }
    }

    @Override
    public void close() {
      synchronized (LocalCopies.this) {
        if (!closed) {
          closed = true;
          copy.users--;
          LocalCopies.this.notifyAll();
        }
      }
    }
  }

  /**
   * Copies a slide, or finds the copy that is there; waits for room.
   *
   * @param bytes what the slide had when it was listed
   * @param modified when it had been modified then; 0 for whatever it is
   * @throws SlideException if it is gone, has changed, cannot be read or is larger than all room
   */
  public Lease get(HadoopFiles files, String slide, long bytes, long modified)
      throws InterruptedException {
    HadoopFiles.Content content = files.content(slide);
    Path name = Path.of(HadoopFiles.fileName(slide));
    if (modified != 0 && (content.modified() != modified || content.bytes() != bytes)) {
      throw new SlideException(
          name, slide + " was changed since it was listed: list the slides again.");
    }
    String key = slide + "\n" + content.bytes() + "\n" + content.modified();
    Copy copy;
    synchronized (this) {
      while (true) {
        // After every wait: another thread may have begun with the same slide meanwhile.
        Copy there = copies.get(key);
        if (there != null && there.ready) {
          there.users++;
          return new Lease(there, there.folder.resolve(name));
        }
        if (there == null && reserve(slide, content.bytes())) {
          break;
        }
        wait();
      }
      copy = new Copy(folder.resolve(Integer.toString(number++)), content.bytes());
      copy.users = 1;
      copies.put(key, copy);
    }
    boolean copied = false;
    try {
      copy(files, slide, content, copy);
      copied = true;
      return new Lease(copy, copy.folder.resolve(name));
    } catch (IOException e) {
      throw HadoopFiles.unreadable(slide, e);
    } finally {
      synchronized (this) {
        copy.ready = copied;
        if (!copied) {
          remove(key, copy);
        }
        notifyAll();
      }
    }
  }

  /** Takes room; called with the lock held. False if there is none as long as copies are in use. */
  private boolean reserve(String slide, long bytes) {
    if (bytes > most) {
      throw new SlideException(
          Path.of(HadoopFiles.fileName(slide)),
          "%s has %d bytes, more than the %d for copies: raise stageBytes."
              .formatted(slide, bytes, most));
    }
    while (used + bytes > most) {
      String unused = null;
      for (Map.Entry<String, Copy> one : copies.entrySet()) {
        if (one.getValue().users == 0) {
          unused = one.getKey();
          break;
        }
      }
      Copy oldest = unused == null ? null : copies.get(unused);
      if (unused == null || oldest == null) {
        return false;
      }
      remove(unused, oldest);
    }
    used += bytes;
    return true;
  }

  private void remove(String key, Copy copy) {
    copies.remove(key);
    PartFile.deleteTree(copy.folder);
    used -= copy.bytes;
  }

  private static void copy(HadoopFiles files, String slide, HadoopFiles.Content content, Copy copy)
      throws IOException {
    FileSystem system = files.system(slide);
    org.apache.hadoop.fs.Path root =
        system.makeQualified(new org.apache.hadoop.fs.Path(slide)).getParent();
    for (FileStatus file : content.files()) {
      String relative = root.toUri().relativize(file.getPath().toUri()).getPath();
      Path target = copy.folder.resolve(relative).normalize();
      if (!target.startsWith(copy.folder)) {
        throw new IOException(file.getPath() + " is outside its slide's folder");
      }
      Files.createDirectories(AtomicFile.folder(target));
      try (InputStream in = system.open(file.getPath())) {
        long length = Files.copy(in, target);
        if (length != file.getLen()) {
          throw new IOException(file.getPath() + " changed while it was copied");
        }
      }
    }
  }

  /** Bytes of the copies that are there. */
  synchronized long used() {
    return used;
  }
}
