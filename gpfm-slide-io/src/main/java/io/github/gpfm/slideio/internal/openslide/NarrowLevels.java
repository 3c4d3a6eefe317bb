package io.github.gpfm.slideio.internal.openslide;

import io.github.gpfm.api.SlideException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether this libopenslide reads levels that are narrower than their tiles.
 *
 * <p>libtiff 4.5.0 with the security fixes of Debian 12 narrows the raster of such tiles, which
 * OpenSlide 3.4.1 does not expect: it returns shuffled pixels and uninitialised memory. A tiny TIFF
 * of that kind, read once a process, tells.
 */
final class NarrowLevels {
  private static final Logger LOG = LoggerFactory.getLogger(NarrowLevels.class);
  private static final int IMAGE = 8;
  private static final int TILE = 16;
  private static final int ENTRIES = 10;

  private NarrowLevels() {}

  private static final class Holder {
    static final boolean DAMAGED = check();
  }

  /** Whether pixels of narrow levels come back wrong. */
  static boolean damaged() {
    return Holder.DAMAGED;
  }

  private static boolean check() {
    Path file = null;
    try {
      Path written = Files.createTempFile("gpfm-narrow", ".tif");
      file = written;
      Files.write(written, tiff());
      boolean sound = QuietLibtiff.run(() -> readsBack(written));
      if (!sound) {
        LOG.info(
            "libopenslide {} damages levels narrower than their tiles (a known fault of its"
                + " libtiff): such levels are read by the built-in reader",
            OpenSlideLibrary.get().version());
      }
      return !sound;
    } catch (IOException | SlideException e) {
      LOG.debug("cannot check how narrow levels are read", e);
      return true;
    } finally {
      delete(file);
    }
  }

  private static boolean readsBack(Path file) {
    OpenSlideHandle handle = OpenSlideHandle.open(file);
    if (handle == null) {
      return false;
    }
    try (handle) {
      BufferedImage image = handle.readRegion(0, 0, 0, IMAGE, IMAGE);
      for (int y = 0; y < IMAGE; y++) {
        for (int x = 0; x < IMAGE; x++) {
          if (image.getRGB(x, y) != (0xff000000 | value(x, y) * 0x010101)) {
            return false;
          }
        }
      }
      return true;
    }
  }

  private static int value(int x, int y) {
    return 1 + y * TILE + x;
  }

  /** An uncompressed RGB TIFF with one tile, larger than the image. */
  private static byte[] tiff() {
    int data = 8 + 2 + ENTRIES * 12 + 4 + 6;
    ByteBuffer out = ByteBuffer.allocate(data + TILE * TILE * 3).order(ByteOrder.LITTLE_ENDIAN);
    out.put((byte) 'I').put((byte) 'I').putShort((short) 42).putInt(8);
    out.putShort((short) ENTRIES);
    entry(out, 256, 4, 1, IMAGE);
    entry(out, 257, 4, 1, IMAGE);
    entry(out, 258, 3, 3, data - 6);
    entry(out, 259, 3, 1, 1);
    entry(out, 262, 3, 1, 2);
    entry(out, 277, 3, 1, 3);
    entry(out, 322, 4, 1, TILE);
    entry(out, 323, 4, 1, TILE);
    entry(out, 324, 4, 1, data);
    entry(out, 325, 4, 1, TILE * TILE * 3);
    out.putInt(0);
    out.putShort((short) 8).putShort((short) 8).putShort((short) 8);
    for (int y = 0; y < TILE; y++) {
      for (int x = 0; x < TILE; x++) {
        byte sample = (byte) value(x, y);
        out.put(sample).put(sample).put(sample);
      }
    }
    return out.array();
  }

  private static void entry(ByteBuffer out, int tag, int type, int count, int value) {
    out.putShort((short) tag).putShort((short) type).putInt(count).putInt(value);
  }

  private static void delete(@Nullable Path file) {
    if (file != null) {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        LOG.debug("cannot delete {}", file, e);
      }
    }
  }
}
