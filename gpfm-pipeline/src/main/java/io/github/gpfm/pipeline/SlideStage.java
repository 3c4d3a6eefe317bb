package io.github.gpfm.pipeline;

import io.github.gpfm.api.CancelledException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.slideio.SlideFiles;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.PartFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies of one run in a {@link Staging} folder, in a folder of their own there whose name
 * tells its process: what a killed run left is removed by the next one. Thread-safe.
 */
final class SlideStage implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SlideStage.class);
  private static final long CHUNK = 8L << 20;

  /** Whoever frees the room may be waiting for this very slide. */
  private static final long LONGEST_WAIT_MINUTES = 10;

  private final Staging staging;
  private final Path folder;
  private final Thread owner = Thread.currentThread();
  private final AtomicInteger number = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition freed = lock.newCondition();
  private long used;
  private int waiting;
  private long lastFreed = System.nanoTime();

  private SlideStage(Staging staging, Path folder) {
    this.staging = staging;
    this.folder = folder;
  }

  /**
   * Begins; removes what runs that ended left there.
   *
   * @throws OutputException if the folder cannot be made
   */
  static SlideStage open(Staging staging) {
    try {
      Files.createDirectories(staging.folder());
      int removed = PartFile.removeStale(staging.folder());
      if (removed > 0) {
        LOG.info("{}: copies that {} ended runs left are removed.", staging.folder(), removed);
      }
      Path folder = AtomicFile.part(staging.folder().resolve("gpfm-stage"));
      return new SlideStage(staging, Files.createDirectory(folder));
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(staging.folder(), e);
    }
  }

  /** An open slide, read from a copy that is removed when this is closed, or where it is. */
  record Staged(Slide slide, AutoCloseable copy) implements AutoCloseable {
    @Override
    public void close() {
      slide.close();
      try {
        copy.close();
      } catch (Exception e) {
        LOG.warn("A copy of {} cannot be removed: {}", slide.path(), e.getMessage());
      }
    }

    /** Read where it is. */
    static Staged inPlace(SlideInput input) {
      return new Staged(input.open(), () -> {});
    }
  }

  /** Opens a slide from a copy where there is a stage, else where it is. */
  static Staged open(Optional<SlideStage> stage, SlideInput input, SlideFiles files)
      throws InterruptedException {
    return stage.isPresent() ? stage.get().open(input, files) : Staged.inPlace(input);
  }

  /**
   * Copies a slide when there is room for it, and opens the copy. What cannot be copied is opened
   * where it is, with a warning.
   *
   * @throws SlideException if it cannot be opened
   */
  Staged open(SlideInput input, SlideFiles files) throws InterruptedException {
    Optional<Copy> copied = copy(files);
    if (copied.isEmpty()) {
      return Staged.inPlace(input);
    }
    Copy copy = copied.get();
    try {
      SlideInput staged = new SlideInput(copy.slide(), input.reader(), input.options());
      return new Staged(staged.open(), copy);
    } catch (SlideException e) {
      copy.close();
      // The slide may have files that nobody knew of; what is wrong with it is said of itself.
      Staged slide = Staged.inPlace(input);
      warn(files, "its copy cannot be opened (" + e.getMessage() + ")");
      return slide;
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  private static void warn(SlideFiles files, String why) {
    LOG.warn("{} is read where it is, not from a copy: {}.", files.slide(), why);
  }

  private Optional<Copy> copy(SlideFiles files) throws InterruptedException {
    Path base = files.slide().toAbsolutePath().normalize().getParent();
    long bytes = 0;
    try {
      for (Path file : files.files()) {
        bytes += Files.size(file);
        if (base == null || !file.toAbsolutePath().normalize().startsWith(base)) {
          warn(files, file + " lies elsewhere");
          return Optional.empty();
        }
      }
      if (base == null) {
        return Optional.empty();
      }
      if (bytes > staging.bytes()) {
        warn(files, "it has %d bytes, of %d for copies".formatted(bytes, staging.bytes()));
        return Optional.empty();
      }
      if (!reserve(bytes)) {
        warn(files, "no copy was removed for %d minutes".formatted(LONGEST_WAIT_MINUTES));
        return Optional.empty();
      }
    } catch (IOException e) {
      warn(files, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    Copy copy =
        new Copy(
            folder.resolve(Integer.toString(number.getAndIncrement())),
            files.slide().toAbsolutePath().normalize().getFileName(),
            bytes);
    try {
      for (Path file : files.files()) {
        Path target = copy.folder.resolve(base.relativize(file.toAbsolutePath().normalize()));
        Files.createDirectories(AtomicFile.folder(target));
        copy(file, target);
      }
      return Optional.of(copy);
    } catch (IOException e) {
      copy.close();
      warn(files, String.valueOf(e.getMessage()));
      return Optional.empty();
    } catch (Throwable e) {
      copy.close();
      throw e;
    }
  }

  private void copy(Path file, Path target) throws IOException {
    try (FileChannel in = FileChannel.open(file);
        FileChannel out =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long size = in.size();
      for (long done = 0; done < size; ) {
        if (owner.isInterrupted()) {
          throw new CancelledException("Copying " + file + " was cancelled.", null);
        }
        long count = in.transferTo(done, Math.min(CHUNK, size - done), out);
        if (count == 0) {
          throw new IOException(file + " ended while it was copied");
        }
        done += count;
      }
    }
  }

  /** Takes room, waiting for it; tells whether there was any in time. */
  private boolean reserve(long bytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long asked = System.nanoTime();
      while (used + bytes > staging.bytes()) {
        long waited = System.nanoTime() - Math.max(asked, lastFreed);
        if (owner.isInterrupted() || waited > TimeUnit.MINUTES.toNanos(LONGEST_WAIT_MINUTES)) {
          return false;
        }
        // Woken now and then to see whether the run was cancelled.
        waiting++;
        try {
          boolean signalled = freed.await(1, TimeUnit.SECONDS);
          LOG.trace("room for a copy: {}", signalled);
        } finally {
          waiting--;
        }
      }
      used += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void release(long bytes) {
    lock.lock();
    try {
      used -= bytes;
      lastFreed = System.nanoTime();
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a slide waits for the room of another. */
  boolean isWaitedFor() {
    lock.lock();
    try {
      return waiting > 0;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of the copies that are there. */
  long used() {
    lock.lock();
    try {
      return used;
    } finally {
      lock.unlock();
    }
  }

  /** Files of a slide, and the room they take. */
  private final class Copy implements AutoCloseable {
    private final Path folder;
    private final Path name;
    private final long bytes;
    private boolean closed;

    Copy(Path folder, Path name, long bytes) {
      this.folder = folder;
      this.name = name;
      this.bytes = bytes;
    }

    Path slide() {
      return folder.resolve(name);
    }

    @Override
    public synchronized void close() {
      if (!closed) {
        closed = true;
        PartFile.deleteTree(folder);
        release(bytes);
      }
    }
  }

  @Override
  public void close() {
    PartFile.deleteTree(folder);
  }
}
