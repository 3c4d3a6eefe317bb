package io.github.gpfm.spark.internal;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;

/**
 * The encoders of this process: one for each description, state of its weights and device, opened
 * by the first task that needs it and kept until the process ends.
 */
public final class EncoderPool {
  private static final Map<Key, Object> OPEN = new ConcurrentHashMap<>();

  private record Key(Object description, String weights, String device) {}

  private EncoderPool() {}

  /**
   * The encoder for the current task.
   *
   * @param kind of encoder
   * @param description what it is opened by; equal ones share an encoder
   * @param weights size and time of its weights: other weights in the place of those that an
   *     encoder was opened with are opened again
   * @param device as asked for; {@code auto} becomes the GPU that Spark gave the task
   * @param opener opens it on a device
   */
  public static <T> T get(
      Class<T> kind,
      Object description,
      String weights,
      String device,
      Function<String, T> opener) {
    String chosen = device.equals("auto") ? assigned() : device;
    return kind.cast(
        OPEN.computeIfAbsent(
            new Key(description, weights, chosen), key -> opener.apply(key.device())));
  }

  /** The device Spark gave the current task: {@code auto} if it gave none. */
  public static String assigned() {
    TaskContext task = TaskContext.get();
    if (task == null) {
      return "auto";
    }
    ResourceInformation gpu = task.resourcesJMap().get("gpu");
    return gpu == null || gpu.addresses().length == 0 ? "auto" : "cuda:" + gpu.addresses()[0];
  }
}
