package io.github.gpfm.slideio.internal.codec;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/** The functions of {@code turbojpeg.h} that every libjpeg-turbo since 1.2 has. Named as in C. */
final class TurboJpegFunctions {
  private TurboJpegFunctions() {}

  static void bind(NativeLibrary library) {
    Native.register(TurboJpegFunctions.class, library);
  }

  static native @Nullable Pointer tjInitDecompress();

  static native int tjDecompress2(
      Pointer handle,
      Pointer jpegBuf,
      NativeLong jpegSize,
      Pointer dstBuf,
      int width,
      int pitch,
      int height,
      int pixelFormat,
      int flags);

  static native int tjDestroy(Pointer handle);
}
