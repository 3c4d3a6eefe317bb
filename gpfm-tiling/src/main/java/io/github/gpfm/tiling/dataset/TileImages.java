package io.github.gpfm.tiling.dataset;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.image.RgbImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageReader;
import javax.imageio.stream.MemoryCacheImageInputStream;

/** Decodes tiles of the usual image formats. */
final class TileImages {
  /** No tile is larger than this; a file that claims more is not read. */
  private static final long MAX_PIXELS = 1L << 26;

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
   * Decodes an image by {@link RgbImages}' rule, onto white.
   *
   * @param bytes the file's content
   * @param name for messages
   */
  static BufferedImage decode(byte[] bytes, String name) {
    try (MemoryCacheImageInputStream in =
        new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
      ImageReader reader =
          RgbImages.reader(in)
              .orElseThrow(() -> new TilingException(name + " is not an image that can be read."));
      try {
        reader.setInput(in);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) {
          throw new TilingException(
              name + " has " + pixels + " pixels, which is more than a tile may have.");
        }
        return RgbImages.read(reader);
      } finally {
        reader.dispose();
      }
    } catch (OutOfMemoryError e) {
      throw new TilingException(
          name + " needs more memory than there is to be decoded: give more with java -Xmx.", e);
    } catch (IOException | RuntimeException | LinkageError | StackOverflowError e) {
      if (e instanceof TilingException own) {
        throw own;
      }
      throw new TilingException(
          name + " cannot be decoded (" + e.getMessage() + "): replace or remove it.", e);
    }
  }
}
