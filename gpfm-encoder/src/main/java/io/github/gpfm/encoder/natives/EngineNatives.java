package io.github.gpfm.encoder.natives;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.LibUtils;
import io.github.gpfm.encoder.script.Engines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native libraries that PyTorch runs on in this process.
 *
 * @param version of PyTorch
 * @param folder where they were loaded from
 * @param cuda whether they are a CUDA build
 * @param given whether {@code PYTORCH_LIBRARY_PATH} names them; else they came with the program
 * @param gpus number of GPUs PyTorch sees
 */
public record EngineNatives(String version, Path folder, boolean cuda, boolean given, int gpus) {
  private static final Logger LOG = LoggerFactory.getLogger(EngineNatives.class);
  private static final AtomicBoolean WARNED = new AtomicBoolean();
  private static final List<String> CUDA_LIBRARIES =
      List.of("libtorch_cuda.so", "torch_cuda.dll", "libtorch_cuda.dylib");

  /**
   * Starts the engine and looks.
   *
   * @throws io.github.gpfm.api.EncoderException if the native libraries cannot be loaded
   */
  public static EngineNatives inUse() {
    Engine engine = Engines.pytorch();
    Path folder = Path.of(LibUtils.getLibtorchPath());
    String wish = System.getProperty("PYTORCH_LIBRARY_PATH", "");
    String environment = System.getenv().getOrDefault("PYTORCH_LIBRARY_PATH", "");
    return new EngineNatives(
        engine.getVersion(),
        folder,
        CUDA_LIBRARIES.stream().anyMatch(name -> Files.exists(folder.resolve(name))),
        !wish.isEmpty() || !environment.isEmpty(),
        engine.getGpuCount());
  }

  /**
   * Why GPUs that the driver sees are not used, as a sentence with the fix; empty if they are, or
   * there are none.
   */
  public Optional<String> unusedGpus(Optional<NvidiaDriver> driver) {
    if (driver.isEmpty() || driver.get().gpus().isEmpty() || gpus > 0) {
      return Optional.empty();
    }
    String seen = driver.get().gpus().size() + " GPU(s), " + driver.get().gpus().get(0);
    return Optional.of(
        cuda
            ? "NVIDIA's driver %s sees %s, but PyTorch's CUDA build does not; it needs driver 525.60 or newer and access to /dev/nvidia*."
                .formatted(driver.get().version(), seen)
            : "NVIDIA's driver sees %s, but PyTorch's natives are for the processor only: %s; see 'GPU' in docs/gpu.md, or choose device cpu."
                .formatted(
                    seen, "use those of a Python environment ('gpfm doctor --find-natives')"));
  }

  /** Says once, where {@code auto} takes the processor, that a GPU goes unused. */
  public static void warnOfUnusedGpus() {
    if (WARNED.compareAndSet(false, true)) {
      inUse().unusedGpus(NvidiaDriver.find()).ifPresent(LOG::warn);
    }
  }
}
