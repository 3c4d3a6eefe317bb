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

/**
 * A slide read by OpenSlide. One handle serves all threads; a handle that a damaged tile has put
 * into its error state is replaced, so that the rest of the slide stays readable.
 */
final class OpenSlideSlide extends AbstractSlide {
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
    return withHandle(current -> current.readRegion(x, y, level, width, height));
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

  private <T> T withHandle(Function<OpenSlideHandle, T> action) {
    OpenSlideHandle used = null;
    SlideFormatException failure;
    lock.readLock().lock();
    try {
      used = handle;
      if (used == null) {
        throw new SlideException(path(), path() + " can no longer be opened: check the file.");
      }
      return action.apply(used);
    } catch (SlideFormatException e) {
      failure = e;
    } finally {
      lock.readLock().unlock();
    }
    replace(used);
    throw failure;
  }

  private void replace(@Nullable OpenSlideHandle failed) {
    lock.writeLock().lock();
    try {
      if (failed != null && handle == failed) {
        handle = null;
        failed.close();
        handle = OpenSlideHandle.open(path());
      }
    } finally {
      lock.writeLock().unlock();
    }
  }
}
