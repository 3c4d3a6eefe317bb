package io.github.gpfm.examples.doctor;

import io.github.gpfm.api.EncoderException;
import io.github.gpfm.encoder.natives.EngineNatives;
import io.github.gpfm.encoder.natives.NvidiaDriver;
import io.github.gpfm.encoder.script.Engines;
import io.github.gpfm.slideio.JpegRuntime;
import io.github.gpfm.slideio.OpenSlideRuntime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Looks at what is installed. */
public final class Machine {
  private static final long MEGABYTE = 1L << 20;

  private Machine() {}

  /**
   * Writes down Java, native libraries, driver, optional parts and folders.
   *
   * @return the engine's native libraries; null if they cannot be loaded, which is a problem
   */
  public static @Nullable EngineNatives examine(Diagnosis diagnosis) {
    java(diagnosis);
    EngineNatives natives = pytorch(diagnosis);
    slides(diagnosis);
    diagnosis.fact(
        "optional parts", "ND4J", present("org.nd4j.linalg.factory.Nd4j", "plain Java is used"));
    diagnosis.fact(
        "optional parts",
        "ONNX Runtime",
        present("ai.djl.onnxruntime.engine.OrtEngine", "no ONNX models"));
    folder(diagnosis, "cache", cache());
    folder(diagnosis, "temporary files", Path.of(System.getProperty("java.io.tmpdir")));
    return natives;
  }

  private static void java(Diagnosis diagnosis) {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.version");
    diagnosis.fact("machine", "system", system + " " + System.getProperty("os.arch"));
    diagnosis.fact("machine", "Java", Runtime.version() + ", " + System.getProperty("java.vendor"));
    diagnosis.fact("machine", "processors", Runtime.getRuntime().availableProcessors());
    diagnosis.fact("machine", "heap limit MB", Runtime.getRuntime().maxMemory() / MEGABYTE);
  }

  private static @Nullable EngineNatives pytorch(Diagnosis diagnosis) {
    Optional<NvidiaDriver> driver = NvidiaDriver.find();
    diagnosis.fact("GPU", "driver", driver.map(NvidiaDriver::version).orElse("none"));
    driver.ifPresent(
        found -> {
          for (int i = 0; i < found.gpus().size(); i++) {
            diagnosis.fact("GPU", "driver sees " + i, found.gpus().get(i));
          }
        });
    try {
      EngineNatives natives = EngineNatives.inUse();
      diagnosis.fact("PyTorch", "version", natives.version());
      diagnosis.fact("PyTorch", "natives", natives.folder().toString());
      diagnosis.fact(
          "PyTorch", "found by", natives.given() ? "PYTORCH_LIBRARY_PATH" : "the class path");
      diagnosis.fact("PyTorch", "build", natives.cuda() ? "CUDA" : "processor only");
      diagnosis.fact("PyTorch", "GPUs", natives.gpus());
      natives.unusedGpus(driver).ifPresent(diagnosis::remark);
      return natives;
    } catch (EncoderException e) {
      diagnosis.fact("PyTorch", "version", "not loaded");
      diagnosis.problem(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static void slides(Diagnosis diagnosis) {
    diagnosis.fact(
        "slides",
        "OpenSlide",
        OpenSlideRuntime.version()
            .orElseGet(() -> "none: " + OpenSlideRuntime.failure().orElse("not found")));
    diagnosis.fact(
        "slides",
        "JPEG",
        JpegRuntime.library()
            .map("libjpeg-turbo (%s)"::formatted)
            .orElseGet(() -> "Java's decoder: " + JpegRuntime.failure().orElse("")));
    diagnosis.fact(
        "slides", "Bio-Formats", present("loci.formats.ImageReader", "see docs/bioformats.md"));
  }

  private static String present(String type, String otherwise) {
    try {
      Class.forName(type, false, Machine.class.getClassLoader());
      return "on the class path";
    } catch (ClassNotFoundException | LinkageError e) {
      return "none (" + otherwise + ")";
    }
  }

  private static Path cache() {
    String own = System.getProperty(Engines.CACHE, "");
    return own.isBlank() ? Path.of(System.getProperty("user.home"), ".djl.ai") : Path.of(own);
  }

  private static void folder(Diagnosis diagnosis, String name, Path folder) {
    diagnosis.fact("folders", name, folder.toString());
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, "gpfm-", ".test"));
      long free = Files.getFileStore(folder).getUsableSpace() / MEGABYTE;
      diagnosis.fact("folders", name + " free MB", free);
    } catch (IOException e) {
      diagnosis.problem(
          "The folder of the %s, '%s', cannot be written (%s); set %s to one that can."
              .formatted(
                  name,
                  folder,
                  e.getClass().getSimpleName(),
                  name.equals("cache") ? "-D" + Engines.CACHE + "=DIR" : "-Djava.io.tmpdir=DIR"));
    }
  }
}
