package io.github.gpfm.slideio.internal.openslide;

import com.google.common.base.Suppliers;
import io.github.gpfm.api.Slide;
import io.github.gpfm.api.SlideException;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.slideio.spi.AbstractSlide;
import io.github.gpfm.slideio.spi.SlideDescription;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
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
final class OpenSlideSlide extends AbstractSlide {
  private static final Logger LOG = LoggerFactory.getLogger(OpenSlideSlide.class);

  private final OpenSlideLibrary library;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final Set<Integer> damagedLevels;
  private final Supplier<Optional<Slide>> substitute;
  private @Nullable OpenSlideHandle handle;

  /**
   * @param damagedLevels levels whose pixels this library gets wrong
   * @param substitute the same slide by another reader, if it can be opened
   */
  OpenSlideSlide(
      Path path,
      SlideDescription description,
      OpenSlideLibrary library,
      OpenSlideHandle handle,
      Set<Integer> damagedLevels,
      Supplier<Optional<Slide>> substitute) {
    super(path, OpenSlideProvider.NAME, description);
    this.damagedLevels = Set.copyOf(damagedLevels);
    this.substitute = Suppliers.memoize(substitute::get);
    this.library = library;
    this.handle = handle;
  }

  @Override
  protected BufferedImage read(long x, long y, int level, int width, int height) {
    if (damagedLevels.contains(level)) {
      Optional<Slide> other = substitute.get();
      if (other.isPresent()) {
        return other.get().readRegion(x, y, level, width, height);
      }
    }
    try {
      return withHandle(current -> current.readRegion(x, y, level, width, height));
    } catch (SlideFormatException e) {
      String cause = String.valueOf(e.getMessage()).replaceFirst("\\.$", "");
      throw new SlideFormatException(
          path(),
          cause
              + " (level "
              + level
              + " at "
              + x
              + ","
              + y
              + "); the file is damaged or incomplete there, and the reader builtin may read it.",
          e);
    }
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
    if (!damagedLevels.isEmpty()) {
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
    handle = OpenSlideHandle.open(path());
  }

  private OpenSlideHandle sound() {
    OpenSlideHandle current = handle;
    if (current == null) {
      throw new SlideException(path(), path() + " can no longer be opened: check the file.");
    }
    return current;
  }
}
