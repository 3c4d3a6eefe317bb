package io.github.gpfm.slideio.internal.openslide;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The process-wide tile cache of OpenSlide 4.0 and later. Handles keep the cache they were given
 * alive, so that replacing it needs no care for open slides.
 */
public final class OpenSlideCaches {
  private static @Nullable Pointer shared;

  private OpenSlideCaches() {}

  /**
   * Slides opened from now on share one new cache.
   *
   * @param bytes its capacity
   * @return whether the library has caches (4.0 and later)
   */
  public static synchronized boolean share(long bytes) {
    OpenSlideLibrary library = OpenSlideLibrary.get();
    Optional<Function> create = library.optional("openslide_cache_create");
    Optional<Function> release = library.optional("openslide_cache_release");
    if (create.isEmpty() || release.isEmpty()) {
      return false;
    }
    Object capacity = Native.SIZE_T_SIZE == 8 ? (Object) bytes : (Object) (int) bytes;
    Pointer former = shared;
    shared = (Pointer) create.get().invoke(Pointer.class, new Object[] {capacity});
    if (former != null) {
      release.get().invoke(Void.class, new Object[] {former});
    }
    return true;
  }

  static synchronized void attach(OpenSlideHandle handle, OpenSlideLibrary library) {
    Pointer cache = shared;
    if (cache != null) {
      library
          .optional("openslide_set_cache")
          .ifPresent(function -> handle.setCache(function, cache));
    }
  }
}
