package io.github.gpfm.distill.run;

import ai.djl.Device;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.script.Engines;
import java.util.ArrayList;
import java.util.List;

/** Devices by name. */
final class Devices {
  private Devices() {}

  /**
   * @param names {@code auto} (every GPU, else the CPU), or a list of {@code cpu}, {@code gpu},
   *     {@code gpu:0}; a name given twice makes two replicas
   * @throws InvalidOptionException if a device is not there
   */
  static List<Device> parse(String names) {
    int gpus = Engines.pytorch().getGpuCount();
    List<Device> devices = new ArrayList<>();
    if (names.equals("auto")) {
      for (int i = 0; i < gpus; i++) {
        devices.add(Device.gpu(i));
      }
      return devices.isEmpty() ? List.of(Device.cpu()) : devices;
    }
    for (String name : names.split(",")) {
      String trimmed = name.strip();
      if (trimmed.equals("cpu")) {
        devices.add(Device.cpu());
      } else if (trimmed.matches("gpu(:\\d+)?")) {
        int index = trimmed.equals("gpu") ? 0 : Integer.parseInt(trimmed.substring(4));
        if (index >= gpus) {
          throw new InvalidOptionException(
              "train.devices asks for %s but PyTorch sees %d GPUs; use auto or cpu."
                  .formatted(trimmed, gpus));
        }
        devices.add(Device.gpu(index));
      } else {
        throw new InvalidOptionException(
            "train.devices has '%s'; use auto, cpu, gpu or gpu:0,gpu:1.".formatted(trimmed));
      }
    }
    return devices;
  }
}
