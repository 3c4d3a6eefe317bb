package io.github.gpfm.slideio.internal.openslide;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Keeps libtiff from writing to the console while something is tried out. */
final class QuietLibtiff {
  private QuietLibtiff() {}

  /** Runs with libtiff's message handlers switched off, where libtiff can be found. */
  static boolean run(BooleanSupplier action) {
    Function warnings = function("TIFFSetWarningHandler");
    Function errors = function("TIFFSetErrorHandler");
    Pointer formerWarnings = set(warnings, null);
    Pointer formerErrors = set(errors, null);
    try {
      return action.getAsBoolean();
    } finally {
      set(warnings, formerWarnings);
      set(errors, formerErrors);
    }
  }

  private static @Nullable Function function(String name) {
    try {
      return NativeLibrary.getInstance("tiff").getFunction(name);
    } catch (UnsatisfiedLinkError e) {
      return null;
    }
  }

  private static @Nullable Pointer set(@Nullable Function setter, @Nullable Pointer handler) {
    return setter == null
        ? null
        : (Pointer) setter.invoke(Pointer.class, new @Nullable Object[] {handler});
  }
}
