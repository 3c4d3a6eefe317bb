package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.image.PictureFile;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Limits;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/** Decodes tiles of the usual image formats. */
final class TileImages {
  private static final Set<String> EXTENSIONS =
      Set.of("png", "jpg", "jpeg", "webp", "tif", "tiff", "bmp");

  private TileImages() {}

  /** The extension of a name if it is that of an image, else an empty string. */
  static String imageExtension(String name) {
    int dot = name.lastIndexOf('.');
    String extension = dot < 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    return EXTENSIONS.contains(extension) ? extension : "";
  }

  /**
   * Decodes an image, onto white.
   *
   * @param bytes the file's content
   * @param name for messages
   */
  static BufferedImage decode(byte[] bytes, String name) {
    return PictureFile.decode(bytes, Budget.of(name, Limits.defaults(), TilingException::new));
  }

  /** {@link #decode} of a file. */
  static BufferedImage read(Path file) {
    return PictureFile.read(file, Budget.of(file, TilingException::new));
  }
}
