package io.github.gpfm.encoder;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import io.github.gpfm.api.DeviceMemoryException;
import java.util.List;
import java.util.Locale;

/** Tells a full device from other failures: engines say so in words only. */
public final class DeviceMemory {
  /** PyTorch on GPU and CPU, cuDNN and cuBLAS, ONNX Runtime. */
  private static final List<String> WORDS =
      List.of(
          "out of memory",
          "not enough memory",
          "can't allocate memory",
          "alloc_failed",
          "failed to allocate memory",
          "bad allocation");

  private DeviceMemory() {}

  /** Whether an exception or one of its causes says that memory ran out. */
  public static boolean ranOut(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
      if (WORDS.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    return false;
  }

  /** Gives back what PyTorch keeps of a GPU's memory, so that a smaller batch has room. */
  static void releaseCache(Device device) {
    if (device.isGpu()) {
      JniUtils.emptyCudaCache();
    }
  }

  static DeviceMemoryException exception(Device device, int count, Exception cause) {
    return new DeviceMemoryException(
        "Device %s has too little memory for %d images at once; use a smaller batch or half"
                .formatted(device, count)
            + " precision.",
        cause);
  }
}
