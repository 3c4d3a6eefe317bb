package io.github.gpfm.slideio.internal.openslide;

import static io.github.gpfm.slideio.internal.openslide.OpenSlideLibrary.string;
import static io.github.gpfm.slideio.internal.openslide.OpenSlideLibrary.utf8;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import io.github.gpfm.api.SlideFormatException;
import io.github.gpfm.api.SlideLevel;
import io.github.gpfm.slideio.internal.PremultipliedArgb;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One {@code openslide_t}. After every call its error state is looked at; once set, OpenSlide
 * refuses all further calls on the handle, so that the owner replaces it.
 */
final class OpenSlideHandle implements AutoCloseable {
  private static final int BAND_PIXELS = 1 << 22;

  private final Path path;
  private final Pointer pointer;

  private OpenSlideHandle(Path path, Pointer pointer) {
    this.path = path;
    this.pointer = pointer;
  }

  /**
   * @return {@code null} if OpenSlide does not know the format
   * @throws SlideFormatException with OpenSlide's words if it does but the file is damaged
   */
  static @Nullable OpenSlideHandle open(Path path) {
    Pointer pointer = OpenSlideFunctions.openslide_open(OpenSlideLibrary.fileName(path));
    if (pointer == null) {
      return null;
    }
    OpenSlideHandle handle = new OpenSlideHandle(path, pointer);
    try {
      handle.check();
    } catch (SlideFormatException e) {
      handle.close();
      throw e;
    }
    return handle;
  }

  List<SlideLevel> levels() {
    int count = OpenSlideFunctions.openslide_get_level_count(pointer);
    check();
    List<SlideLevel> levels = new ArrayList<>(count);
    for (int level = 0; level < count; level++) {
      long[] width = new long[1];
      long[] height = new long[1];
      OpenSlideFunctions.openslide_get_level_dimensions(pointer, level, width, height);
      check();
      double downsample = OpenSlideFunctions.openslide_get_level_downsample(pointer, level);
      check();
      levels.add(new SlideLevel(level, width[0], height[0], downsample));
    }
    return levels;
  }

  Map<String, String> properties() {
    Map<String, String> properties = new TreeMap<>();
    for (byte[] name : names(OpenSlideFunctions.openslide_get_property_names(pointer))) {
      String value = string(OpenSlideFunctions.openslide_get_property_value(pointer, name));
      check();
      if (value != null) {
        properties.put(text(name), value);
      }
    }
    return properties;
  }

  List<String> associatedImageNames() {
    return names(OpenSlideFunctions.openslide_get_associated_image_names(pointer)).stream()
        .map(OpenSlideHandle::text)
        .toList();
  }

  BufferedImage readRegion(long x, long y, int level, int width, int height) {
    try (Memory memory = new Memory(4L * width * height)) {
      OpenSlideFunctions.openslide_read_region(pointer, memory, x, y, level, width, height);
      check();
      return image(memory, width, height);
    }
  }

  BufferedImage readAssociatedImage(String name) {
    byte[] key = utf8(name);
    long[] width = new long[1];
    long[] height = new long[1];
    OpenSlideFunctions.openslide_get_associated_image_dimensions(pointer, key, width, height);
    check();
    if (width[0] < 1 || height[0] < 1 || width[0] * height[0] > Integer.MAX_VALUE - 8) {
      throw new SlideFormatException(
          path,
          path
              + ": associated image '"
              + name
              + "' has the impossible size "
              + width[0]
              + " x "
              + height[0]
              + ".");
    }
    try (Memory memory = new Memory(4L * width[0] * height[0])) {
      OpenSlideFunctions.openslide_read_associated_image(pointer, key, memory);
      check();
      return image(memory, (int) width[0], (int) height[0]);
    }
  }

  /** The main image's ICC profile; empty when there is none or the library is older than 4.0. */
  Optional<byte[]> iccProfile(OpenSlideLibrary library) {
    Optional<Function> size = library.optional("openslide_get_icc_profile_size");
    Optional<Function> read = library.optional("openslide_read_icc_profile");
    if (size.isEmpty() || read.isEmpty()) {
      return Optional.empty();
    }
    long bytes = (Long) size.get().invoke(Long.class, new Object[] {pointer});
    check();
    if (bytes <= 0) {
      return Optional.empty();
    }
    try (Memory memory = new Memory(bytes)) {
      read.get().invoke(Void.class, new Object[] {pointer, memory});
      check();
      return Optional.of(memory.getByteArray(0, Math.toIntExact(bytes)));
    }
  }

  /** Uses a shared tile cache from now on. */
  void setCache(Function setCache, Pointer cache) {
    setCache.invoke(Void.class, new Object[] {pointer, cache});
    check();
  }

  @Override
  public void close() {
    OpenSlideFunctions.openslide_close(pointer);
  }

  private void check() {
    String error = string(OpenSlideFunctions.openslide_get_error(pointer));
    if (error != null) {
      throw new SlideFormatException(path, "OpenSlide cannot read " + path + ": " + error + ".");
    }
  }

  private List<byte[]> names(@Nullable Pointer array) {
    check();
    List<byte[]> names = new ArrayList<>();
    if (array != null) {
      for (Pointer name : array.getPointerArray(0)) {
        byte[] bytes = name.getByteArray(0, Math.toIntExact(name.indexOf(0, (byte) 0)) + 1);
        names.add(bytes);
      }
    }
    return names;
  }

  private static String text(byte[] terminated) {
    return Native.toString(terminated, "UTF-8");
  }

  private static BufferedImage image(Memory memory, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
    int[] pixels = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
    for (int from = 0; from < pixels.length; from += BAND_PIXELS) {
      int length = Math.min(BAND_PIXELS, pixels.length - from);
      memory
          .getByteBuffer(4L * from, 4L * length)
          .order(ByteOrder.nativeOrder())
          .asIntBuffer()
          .get(pixels, from, length);
    }
    PremultipliedArgb.toStraight(pixels);
    return image;
  }
}
