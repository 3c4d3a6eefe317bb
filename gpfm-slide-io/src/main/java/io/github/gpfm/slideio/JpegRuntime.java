package io.github.gpfm.slideio;

import io.github.gpfm.slideio.internal.codec.TurboJpeg;
import java.util.Optional;

/**
 * What decodes the JPEG tiles of the built-in reader in this process: the system's libjpeg-turbo
 * where it is installed, else Java's own decoder. Both make the same pixels, to the bit, so that
 * results do not depend on which it is; the first is faster.
 */
public final class JpegRuntime {
  private JpegRuntime() {}

  /** By what name libjpeg-turbo was found; empty when Java's decoder is used. */
  public static Optional<String> library() {
    TurboJpeg library = TurboJpeg.get();
    return library.available() ? Optional.of(library.name()) : Optional.empty();
  }

  /** Why libjpeg-turbo is not used, as one clause; empty when it is. */
  public static Optional<String> failure() {
    TurboJpeg library = TurboJpeg.get();
    return library.available() ? Optional.empty() : Optional.of(library.failure());
  }
}
