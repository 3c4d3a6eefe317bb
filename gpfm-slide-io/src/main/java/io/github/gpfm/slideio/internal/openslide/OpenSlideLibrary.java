package io.github.gpfm.slideio.internal.openslide;

import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds libopenslide once a process, and says why it is not there if it is not. */
public final class OpenSlideLibrary {
  /** System property naming the shared library's file. */
  public static final String PROPERTY = "gpfm.openslide.library";

  private static final String INSTALL =
      "install OpenSlide (Debian: libopenslide0, macOS: brew install openslide) or name the"
          + " library's file with -D"
          + PROPERTY
          + "=FILE";

  private final @Nullable NativeLibrary library;
  private final String failure;
  private final String version;

  private static final class Holder {
    static final OpenSlideLibrary INSTANCE = load();
  }

  private OpenSlideLibrary(@Nullable NativeLibrary library, String version, String failure) {
    this.library = library;
    this.version = version;
    this.failure = failure;
  }

  /** The library of this process. */
  public static OpenSlideLibrary get() {
    return Holder.INSTANCE;
  }

  /** Whether the library was found and bound. */
  public boolean available() {
    return library != null;
  }

  /** Why it is not available, as a clause; empty when it is. */
  public String failure() {
    return failure;
  }

  /** Its version, for instance {@code 3.4.1}; empty when not available. */
  public String version() {
    return version;
  }

  /** A function that only newer versions have. */
  Optional<Function> optional(String name) {
    if (library == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(library.getFunction(name));
    } catch (UnsatisfiedLinkError e) {
      return Optional.empty();
    }
  }

  /** A path as OpenSlide wants it: UTF-8 on Windows, the platform's own bytes elsewhere. */
  static byte[] fileName(Path path) {
    Charset charset = StandardCharsets.UTF_8;
    if (!Platform.isWindows()) {
      charset = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));
    }
    return terminated(path.toAbsolutePath().toString().getBytes(charset));
  }

  static byte[] utf8(String text) {
    return terminated(text.getBytes(StandardCharsets.UTF_8));
  }

  /** A zero-terminated UTF-8 string; malformed bytes are replaced, as openslide-python does. */
  static @Nullable String string(@Nullable Pointer pointer) {
    return pointer == null ? null : pointer.getString(0, "UTF-8");
  }

  private static byte[] terminated(byte[] bytes) {
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  private static OpenSlideLibrary load() {
    String configured = System.getProperty(PROPERTY, "").strip();
    if (!configured.isEmpty()) {
      if (!Files.isRegularFile(Path.of(configured))) {
        return new OpenSlideLibrary(
            null, "", "-D" + PROPERTY + " names " + configured + ", which is not a file");
      }
      return bind(List.of(configured));
    }
    if (Platform.isWindows()) {
      return bind(List.of("libopenslide-1", "libopenslide-0", "openslide"));
    }
    if (Platform.isMac()) {
      return bind(
          List.of(
              "openslide",
              "/opt/homebrew/lib/libopenslide.1.dylib",
              "/usr/local/lib/libopenslide.1.dylib",
              "/opt/local/lib/libopenslide.1.dylib"));
    }
    return bind(List.of("openslide", "libopenslide.so.1", "libopenslide.so.0"));
  }

  private static OpenSlideLibrary bind(List<String> names) {
    String failure = "";
    for (String name : names) {
      try {
        NativeLibrary library = NativeLibrary.getInstance(name);
        OpenSlideFunctions.bind(library);
        String version = string(OpenSlideFunctions.openslide_get_version());
        return new OpenSlideLibrary(library, version == null ? "unknown" : version, "");
      } catch (UnsatisfiedLinkError e) {
        failure = e.getMessage();
      } catch (NoClassDefFoundError | ExceptionInInitializerError e) {
        return new OpenSlideLibrary(null, "", "JNA cannot start: " + e.getMessage());
      }
    }
    boolean configured = names.size() == 1;
    String why =
        configured
            ? "the library " + names.get(0) + " cannot be used: " + firstLine(failure)
            : "library not found: " + INSTALL;
    return new OpenSlideLibrary(null, "", why);
  }

  private static String firstLine(@Nullable String text) {
    return text == null ? "unknown error" : text.lines().findFirst().orElse("unknown error");
  }
}
