package io.github.gpfm.slideio;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.slideio.internal.openslide.OpenSlideCaches;
import io.github.gpfm.slideio.internal.openslide.OpenSlideLibrary;
import io.github.gpfm.slideio.internal.openslide.VendorDetection;
import java.nio.file.Path;
import java.util.Optional;

/** What is known of the libopenslide of this process, and its process-wide settings. */
public final class OpenSlideRuntime {
  private OpenSlideRuntime() {}

  /** Its version, for instance {@code 3.4.1}; empty when the library was not found. */
  public static Optional<String> version() {
    OpenSlideLibrary library = OpenSlideLibrary.get();
    return library.available() ? Optional.of(library.version()) : Optional.empty();
  }

  /** Why the library is not available, as one clause; empty when it is. */
  public static Optional<String> failure() {
    OpenSlideLibrary library = OpenSlideLibrary.get();
    return library.available() ? Optional.empty() : Optional.of(library.failure());
  }

  /**
   * The vendor OpenSlide recognises without opening the slide; empty when it knows none or the
   * library is not there.
   *
   * @param path an existing file
   */
  public static Optional<String> detectVendor(Path path) {
    return VendorDetection.detect(path);
  }

  /**
   * Lets slides opened from now on share one tile cache (OpenSlide 4.0 and later; without this each
   * slide has its own of 32 MiB).
   *
   * @param bytes capacity, at least 0
   * @return whether the library can; {@code false} for 3.x or no library
   */
  public static boolean shareCache(long bytes) {
    if (bytes < 0) {
      throw new InvalidOptionException(
          "An OpenSlide cache has 0 bytes or more, not " + bytes + ".");
    }
    return OpenSlideCaches.share(bytes);
  }
}
