package io.github.gpfm.slideio.internal.openslide;

import com.google.common.base.Suppliers;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.internal.Substitutable;
import io.github.gpfm.slideio.spi.AbstractSlide;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A slide read by OpenSlide. One handle serves all threads; a handle that a damaged tile has put
 * into its error state is replaced, so that the rest of the slide stays readable.
 */
final class OpenSlideSlide extends AbstractSlide implements Substitutable {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSlideSlide.class);

  private final Path file;
  private final OpenSlideLibrary library;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<Integer> damagedLevels;
  private final Supplier<Optional<Slide>> substitute;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean substitutable;
  private @Nullable OpenSlideHandle handle;

  /**
   * @param path what the caller named
   * @param file what OpenSlide is given
   * @param damagedLevels levels whose pixels this library gets wrong
   * @param substitute the same slide by another reader, if it can be opened
   */
  OpenSlideSlide(
      Path path,
      Path file,
      SlideDescription description,
      OpenSlideLibrary library,
      OpenSlideHandle handle,
      Set<Integer> damagedLevels,
      Supplier<Optional<Slide>> substitute) {
    super(path, OpenSlideProvider.NAME, description);
    this.file = file;
    this.damagedLevels = Set.copyOf(damagedLevels);
    this.substitute =
        Suppliers.memoize(
            () -> {
              asked.set(true);
              return substitute.get();
            });
    this.library = library;
    this.handle = handle;
  }

  @Override
  protected BufferedImage read(long x, long y, int level, int width, int height) {
    if (damagedLevels.contains(level)) {
      Optional<Slide> other = substitute.get();
      if (other.isPresent()) {
        steppedIn("levels narrower than their tiles");
        return other.get().readRegion(x, y, level, width, height);
      }
    }
    try {
      return withHandle(current -> current.readRegion(x, y, level, width, height));
    } catch (SlideFormatException e) {
      Optional<BufferedImage> other = instead(e, x, y, level, width, height);
      if (other.isPresent()) {
        return other.get();
      }
      String cause = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
      for (Throwable builtin : e.getSuppressed()) {
        // It names the tile of the file where OpenSlide only says that there is one.
        cause += "; " + String.valueOf(builtin.getMessage()).replaceFirst("\\.$", "");
      }
      throw new SlideFormatException(
          path(),
          cause
              + " (level "
              + level
              + " at "
              + x
              + ","
              + y
              + "); the file is damaged or incomplete there, or the reader builtin reads it.",
          e);
    }
  }

  /**
   * The built-in reader's pixels where OpenSlide fails. That reader refuses damaged data, so that
   * what it reads in full is sound and the failure OpenSlide's own: 3.4.1 knows no tiles left out,
   * 4.0.1 neither frames in fragments nor 16-bit grey.
   */
  private Optional<BufferedImage> instead(
      SlideFormatException failure, long x, long y, int level, int width, int height) {
    Optional<Slide> other = substitutable ? substitute.get() : Optional.empty();
    if (other.isEmpty()) {
      return Optional.empty();
    }
    try {
      BufferedImage image = other.get().readRegion(x, y, level, width, height);
      steppedIn(String.valueOf(failure.getMessage()));
      return Optional.of(image);
    } catch (SlideException e) {
      failure.addSuppressed(e);
      return Optional.empty();
    }
  }

  private void steppedIn(String reason) {
    if (noteSecondReader(other().reader())) {
      LOG.warn(
          "{}: the built-in reader reads what OpenSlide {} cannot ({}).",
          path(),
          library.version(),
          reason);
    }
  }

  private Slide other() {
    return substitute.get().orElseThrow();
  }

  @Override
  public void allowSubstitute() {
    substitutable = true;
  }

  @Override
  protected BufferedImage readAssociated(String name) {
    return withHandle(current -> current.readAssociatedImage(name));
  }

  @Override
  protected Optional<byte[]> readIccProfile() {
    return withHandle(current -> current.iccProfile(library));
  }

  @Override
  protected void release() {
    if (asked.get()) {
      substitute.get().ifPresent(Slide::close);
    }
    if (handle != null) {
      handle.close();
      handle = null;
    }
  }

  /**
   * Runs with a sound handle. An error sets the state of the whole handle, so that threads reading
   * elsewhere fail with it: a failed action is run again alone on a fresh handle, and only if that
   * fails too is the error its own.
   */
  private <T> T withHandle(Function<OpenSlideHandle, T> action) {
    lock.readLock().lock();
    try {
      OpenSlideHandle used = handle;
      if (used != null) {
        return action.apply(used);
      }
    } catch (SlideFormatException e) {
      LOG.debug("a handle of {} fails and is replaced", path(), e);
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      // Always afresh: a reader that waits behind this one may have spoilt the present handle too.
      reopen();
      return action.apply(sound());
    } catch (SlideFormatException e) {
      reopen();
      throw e;
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void reopen() {
    OpenSlideHandle failed = handle;
    handle = null;
    if (failed != null) {
      failed.close();
    }
    handle = OpenSlideHandle.open(file);
  }

  private OpenSlideHandle sound() {
    OpenSlideHandle current = handle;
    if (current == null) {
      throw new SlideException(path(), path() + " can no longer be opened: check the file.");
    }
    return current;
  }
}
