package io.github.gpfm.tiling.internal;

import io.github.gpfm.api.TilingException;
import io.github.gpfm.support.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import org.opencv.core.Core;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads OpenCV's native library once for the process.
 *
 * <p>The library is unpacked from its jar into a cache folder the first time and taken from there
 * afterwards: {@code -Dgpfm.cache=DIR}, else {@code $GPFM_CACHE}, else {@code ~/.cache/gpfm}. Where
 * that folder cannot be written, it is unpacked into a temporary folder for this process alone.
 */
public final class OpenCv {
  private static final Logger LOG = LoggerFactory.getLogger(OpenCv.class);
  private static boolean loaded;

  private OpenCv() {}

  /**
   * Makes sure that OpenCV can be called; cheap after the first time.
   *
   * @throws TilingException if there is no native library for this platform
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    try {
      if (!loadFromCache()) {
        nu.pattern.OpenCV.loadLocally();
      }
      Core.setNumThreads(Math.max(1, Runtime.getRuntime().availableProcessors()));
    } catch (RuntimeException | LinkageError e) {
      throw new TilingException(
          "OpenCV's native library cannot be loaded on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + " ("
              + e.getMessage()
              + "): use a platform for which org.openpnp:opencv brings one.",
          e);
    }
    loaded = true;
  }

  /** The folder in which unpacked native libraries are kept. */
  static Path cacheFolder() {
    String property = System.getProperty("gpfm.cache", "");
    if (!property.isBlank()) {
      return Path.of(property);
    }
    String environment = System.getenv("GPFM_CACHE");
    if (environment != null && !environment.isBlank()) {
      return Path.of(environment);
    }
    return Path.of(System.getProperty("user.home", "."), ".cache", "gpfm");
  }

  private static boolean loadFromCache() {
    String resource = resource();
    URL url = OpenCv.class.getResource(resource);
    if (url == null) {
      return false;
    }
    try {
      long size = url.openConnection().getContentLengthLong();
      Path file =
          cacheFolder()
              .resolve("opencv-" + Core.VERSION)
              .resolve(resource.substring(resource.lastIndexOf('/') + 1));
      if (!Files.isRegularFile(file) || Files.size(file) != size) {
        unpack(url, file);
      }
      System.load(file.toAbsolutePath().toString());
      // Fails here when OpenCV's classes live in another class loader than this class.
      Core.getVersionString();
      return true;
    } catch (IOException | LinkageError e) {
      LOG.debug("OpenCV's cached library is not used", e);
      return false;
    }
  }

  private static void unpack(URL url, Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path partial = Files.createTempFile(file.getParent(), "unpack-", ".part");
    try {
      try (InputStream in = url.openStream()) {
        Files.copy(in, partial, StandardCopyOption.REPLACE_EXISTING);
      }
      AtomicFile.moveIntoPlace(partial, file);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static String resource() {
    String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    boolean arm = arch.equals("aarch64") || arch.equals("arm64");
    String folder = arm ? "ARMv8" : "x86_64";
    String name = Core.NATIVE_LIBRARY_NAME;
    if (os.contains("win")) {
      return "/nu/pattern/opencv/windows/x86_64/" + name + ".dll";
    }
    if (os.contains("mac")) {
      return "/nu/pattern/opencv/osx/" + folder + "/lib" + name + ".dylib";
    }
    return "/nu/pattern/opencv/linux/" + folder + "/lib" + name + ".so";
  }
}
