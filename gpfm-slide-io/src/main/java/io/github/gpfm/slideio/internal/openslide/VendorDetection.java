package io.github.gpfm.slideio.internal.openslide;

import java.nio.file.Path;
import java.util.Optional;

/** {@code openslide_detect_vendor}. */
public final class VendorDetection {
  private VendorDetection() {}

  /**
   * The vendor by OpenSlide's names, if it knows the format.
   *
   * @param path an existing file
   */
  public static Optional<String> detect(Path path) {
    if (!OpenSlideLibrary.get().available()) {
      return Optional.empty();
    }
    return Optional.ofNullable(
        OpenSlideLibrary.string(
            OpenSlideFunctions.openslide_detect_vendor(OpenSlideLibrary.fileName(path))));
  }
}
