package io.github.gpfm.slideio.internal.openslide;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The functions of {@code openslide.h} that every OpenSlide since 3.4.0 has, mapped directly. Named
 * as in C; strings are zero-terminated UTF-8 (file names: the platform's encoding).
 */
final class OpenSlideFunctions {
  private OpenSlideFunctions() {}

  static void bind(NativeLibrary library) {
    Native.register(OpenSlideFunctions.class, library);
  }

  static native @Nullable Pointer openslide_detect_vendor(byte[] filename);

  static native @Nullable Pointer openslide_open(byte[] filename);

  static native void openslide_close(Pointer handle);

  static native @Nullable Pointer openslide_get_error(Pointer handle);

  static native @Nullable Pointer openslide_get_version();

  static native int openslide_get_level_count(Pointer handle);

  static native void openslide_get_level_dimensions(
      Pointer handle, int level, long[] width, long[] height);

  static native double openslide_get_level_downsample(Pointer handle, int level);

  static native int openslide_get_best_level_for_downsample(Pointer handle, double downsample);

  static native void openslide_read_region(
      Pointer handle, Pointer dest, long x, long y, int level, long width, long height);

  static native @Nullable Pointer openslide_get_property_names(Pointer handle);

  static native @Nullable Pointer openslide_get_property_value(Pointer handle, byte[] name);

  static native @Nullable Pointer openslide_get_associated_image_names(Pointer handle);

  static native void openslide_get_associated_image_dimensions(
      Pointer handle, byte[] name, long[] width, long[] height);

  static native void openslide_read_associated_image(Pointer handle, byte[] name, Pointer dest);
}
