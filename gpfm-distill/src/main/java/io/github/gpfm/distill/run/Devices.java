package io.github.gpfm.distill.run;

import ai.djl.Device;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.natives.EngineNatives;
import io.github.gpfm.encoder.script.Engines;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Devices by name. */
final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

  private Devices() {}

  /**
   * @param names {@code auto} (every GPU, else the CPU), or a list of {@code cpu}, {@code gpu},
   *     {@code gpu:0}; a name given twice makes two replicas
   * @param shards of a batch: no more devices than that have work
   * @throws InvalidOptionException if a device is not there or would have no work
   */
  static List<Device> parse(String names, int shards) {
    int gpus = Engines.pytorch().getGpuCount();
    List<Device> devices = new ArrayList<>();
    if (names.equals("auto")) {
      for (int i = 0; i < Math.min(gpus, shards); i++) {
        devices.add(Device.gpu(i));
      }
      if (gpus > shards) {
        LOG.warn("train.shards is {}: {} of {} GPUs are used", shards, shards, gpus);
      }
      if (devices.isEmpty()) {
        EngineNatives.warnOfUnusedGpus();
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
    if (devices.size() > shards) {
      throw new InvalidOptionException(
          "train.devices names %d devices but train.shards is %d; raise train.shards to a multiple of %d."
              .formatted(devices.size(), shards, devices.size()));
    }
    return devices;
  }
}
