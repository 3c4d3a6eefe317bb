package io.github.gpfm.encoder.script;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.pytorch.engine.PtNDManager;
import io.github.gpfm.api.EncoderException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The PyTorch engine. Offline unless {@code -Dai.djl.offline=false} says otherwise; its natives are
 * unpacked below {@code -Dgpfm.cache=DIR} (default: DJL's own {@code ~/.djl.ai}; where the home
 * folder cannot be written, a folder below the temporary one that belongs to the user alone).
 */
public final class Engines {
  /** Property naming the folder for unpacked natives and temporary files. */
  public static final String CACHE = "gpfm.cache";

  private Engines() {}

  private static final class Holder {
    static final Engine ENGINE = start();

    private static Engine start() {
      setDefault("ai.djl.offline", "true");
      setDefault("OPT_OUT_TRACKING", "true");
      setDefault("ai.djl.pytorch.graph_optimizer", "false");
      String cache = System.getProperty(CACHE, "");
      if (cache.isBlank() && System.getenv("DJL_CACHE_DIR") == null) {
        cache =
            CacheFolder.privateOne(
                    Path.of(System.getProperty("user.home")),
                    Path.of(System.getProperty("java.io.tmpdir")),
                    System.getProperty("user.name"))
                .map(Path::toString)
                .orElse("");
      }
      if (!cache.isBlank()) {
        setDefault("DJL_CACHE_DIR", cache);
        setDefault("ENGINE_CACHE_DIR", cache);
      }
      return Engine.getEngine("PyTorch");
    }

    private static void setDefault(String property, String value) {
      if (System.getProperty(property) == null) {
        System.setProperty(property, value);
      }
    }
  }

  /**
   * The engine, started on first use.
   *
   * @throws EncoderException if the native library cannot be found or loaded
   */
  public static Engine pytorch() {
    try {
      return Holder.ENGINE;
    } catch (ExceptionInInitializerError | NoClassDefFoundError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof EncoderException own) {
        throw own;
      }
      throw new EncoderException(
          "PyTorch's native library cannot be loaded ("
              + cause.getMessage()
              + "); add ai.djl.pytorch:pytorch-jni and pytorch-native-cpu with your platform's"
              + " classifier to the class path.",
          cause);
    }
  }

  /** A manager that owns arrays on a device; to be closed. */
  public static PtNDManager newManager(Device device) {
    return (PtNDManager) pytorch().newBaseManager(device);
  }

  /** The first GPU if the engine sees one, else the CPU. */
  public static Device defaultDevice() {
    return pytorch().getGpuCount() > 0 ? Device.gpu() : Device.cpu();
  }

  /** Where large programs lie for a moment while they are loaded. */
  static Path temporaryFolder() {
    String cache = System.getProperty(CACHE, "");
    Path folder = Path.of(cache.isBlank() ? System.getProperty("java.io.tmpdir") : cache);
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new EncoderException(
          "The folder '%s' cannot be made; set -D%s=DIR to one that can.".formatted(folder, CACHE),
          e);
    }
  }
}
