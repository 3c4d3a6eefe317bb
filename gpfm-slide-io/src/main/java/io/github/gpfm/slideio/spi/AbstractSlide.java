package io.github.gpfm.slideio.spi;

import io.github.gpfm.api.Mpp;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideClosedException;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideLevel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * A slide that keeps {@link Slide}'s contract of arguments, threads and closing; subclasses supply
 * the pixels. Reads share a lock and closing takes it alone, so that closing waits for reads in
 * progress and a read after it is refused.
 */
public abstract class AbstractSlide implements Slide {
  private final Path path;
  private final Optional<FileStamp> stamp;
  private volatile String reader;
  private final SlideDescription description;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private volatile boolean closed;

  /**
   * @param path what was opened
   * @param reader name of the provider
   * @param description what the slide says about itself
   */
  protected AbstractSlide(Path path, String reader, SlideDescription description) {
    this.path = path;
    this.reader = reader;
    this.stamp = FileStamp.of(path);
    this.description = description;
  }

  /**
   * Reads a region whose arguments were checked; called by many threads at once, never after {@link
   * #release()}.
   *
   * @param x left edge, level-0 pixels
   * @param y top edge, level-0 pixels
   * @param level an existing level
   * @param width level pixels, at least 1
   * @param height level pixels, at least 1; width x height fits an int
   * @return {@link BufferedImage#TYPE_INT_ARGB}
   */
  protected abstract BufferedImage read(long x, long y, int level, int width, int height);

  /**
   * As {@link #read(long, long, int, int, int)}, into an array of the caller's; readers that can do
   * so without an image override it.
   *
   * @param argb width x height zeros, written: not premultiplied
   */
  protected void read(long x, long y, int level, int width, int height, int[] argb) {
    BufferedImage image = read(x, y, level, width, height);
    image.getRaster().getDataElements(0, 0, width, height, argb);
  }

  /**
   * Reads an associated image.
   *
   * @param name one of the names
   */
  protected abstract BufferedImage readAssociated(String name);

  /** Reads the ICC profile of the main image. */
  protected abstract Optional<byte[]> readIccProfile();

  /** Frees what the slide holds; called once, when no read is in progress. */
  protected abstract void release();

  /**
   * Notes that another reader stepped in at a read: {@link #reader()} names both from now on.
   *
   * @param name the other reader
   * @return whether it was not noted before
   */
  protected final synchronized boolean noteSecondReader(String name) {
    if (reader.endsWith("+" + name)) {
      return false;
    }
    reader = reader + "+" + name;
    return true;
  }

  @Override
  public final Path path() {
    return path;
  }

  @Override
  public final String reader() {
    return reader;
  }

  @Override
  public final String vendor() {
    return open().vendor();
  }

  @Override
  public final List<SlideLevel> levels() {
    return open().levels();
  }

  @Override
  public final Optional<Mpp> mpp() {
    return open().mpp();
  }

  @Override
  public final Optional<String> refusedMpp() {
    return open().refusedMpp();
  }

  @Override
  public final OptionalDouble objectivePower() {
    return open().objectivePower();
  }

  @Override
  public final Map<String, String> properties() {
    return open().properties();
  }

  @Override
  public final Set<String> associatedImageNames() {
    return open().associatedImageNames();
  }

  @Override
  public final BufferedImage associatedImage(String name) {
    return shared(
        () -> {
          if (!description.associatedImageNames().contains(name)) {
            throw new SlideException(
                path,
                path
                    + " has no associated image '"
                    + name
                    + "'; it has "
                    + description.associatedImageNames()
                    + ".");
          }
          return readAssociated(name);
        });
  }

  @Override
  public final Optional<byte[]> iccProfile() {
    return shared(this::readIccProfile);
  }

  @Override
  public final BufferedImage readRegion(long x, long y, int level, int width, int height) {
    requireValid(level, width, height);
    return shared(
        () -> {
          BufferedImage image = read(x, y, level, width, height);
          stamp.ifPresent(opened -> opened.requireUnchanged(path));
          return image;
        });
  }

  @Override
  public final int[] readRegion(long x, long y, int level, int width, int height, int[] argb) {
    requireValid(level, width, height);
    if (argb.length != width * height) {
      throw new IllegalArgumentException(
          "argb must have " + width * height + " elements, not " + argb.length);
    }
    return shared(
        () -> {
          Arrays.fill(argb, 0);
          read(x, y, level, width, height, argb);
          stamp.ifPresent(opened -> opened.requireUnchanged(path));
          return argb;
        });
  }

  private void requireValid(int level, int width, int height) {
    if (level < 0 || level >= description.levels().size()) {
      throw new IllegalArgumentException(
          "level must be 0 to " + (description.levels().size() - 1) + ", not " + level);
    }
    if (width < 1 || height < 1 || (long) width * height > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "a region has 1 to 2^31 pixels, not " + width + " x " + height);
    }
  }

  @Override
  public final void close() {
    lock.writeLock().lock();
    try {
      if (!closed) {
        closed = true;
        release();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public String toString() {
    return getClass().getSimpleName() + "[" + path + "]";
  }

  /** Runs with the slide held open. */
  private <T> T shared(Supplier<T> action) {
    lock.readLock().lock();
    try {
      open();
      return action.get();
    } finally {
      lock.readLock().unlock();
    }
  }

  private SlideDescription open() {
    if (closed) {
      throw new SlideClosedException(path, path + " was closed: open it again to read from it.");
    }
    return description;
  }
}
