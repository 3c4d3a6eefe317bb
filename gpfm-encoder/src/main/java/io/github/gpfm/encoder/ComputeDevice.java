package io.github.gpfm.encoder;

import ai.djl.Device;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.natives.EngineNatives;
import io.github.gpfm.encoder.script.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Where a network runs. */
public sealed interface ComputeDevice {
  /** All GPUs if the engine sees any, else the CPU. */
  record Auto() implements ComputeDevice {}

  /** The processor. */
  record Cpu() implements ComputeDevice {}

  /**
   * GPUs; batches go to whichever is free.
   *
   * @param indices their numbers, from 0; at least one
   */
  record Gpu(List<Integer> indices) implements ComputeDevice {
    /** Checks that at least one is named and none twice. */
    public Gpu {
      indices = List.copyOf(indices);
      if (indices.isEmpty()
          || indices.stream().anyMatch(i -> i < 0)
          || indices.stream().distinct().count() != indices.size()) {
        throw new InvalidOptionException(
            "GPUs must be different numbers from 0, not " + indices + ".");
      }
    }
  }

  /** All GPUs if there are any, else the CPU. */
  static ComputeDevice auto() {
    return new Auto();
  }

  /** The processor. */
  static ComputeDevice cpu() {
    return new Cpu();
  }

  /** GPUs by number. */
  static ComputeDevice gpu(Integer... indices) {
    return new Gpu(List.of(indices));
  }

  /**
   * @param text {@code auto}, {@code cpu}, {@code cuda}, {@code cuda:1} or {@code cuda:0,2}; {@code
   *     gpu} means {@code cuda}
   * @throws InvalidOptionException for anything else
   */
  static ComputeDevice parse(String text) {
    String name = text.toLowerCase(Locale.ROOT).strip();
    if (name.equals("auto")) {
      return auto();
    } else if (name.equals("cpu")) {
      return cpu();
    } else if (name.matches("(cuda|gpu)(:\\d{1,3}(,\\d{1,3})*)?")) {
      List<Integer> indices = new ArrayList<>();
      int colon = name.indexOf(':');
      for (String index : (colon < 0 ? "0" : name.substring(colon + 1)).split(",")) {
        indices.add(Integer.valueOf(index));
      }
      return new Gpu(indices);
    }
    throw new InvalidOptionException(
        "device must be auto, cpu, cuda, cuda:N or cuda:N,M, not '" + text + "'.");
  }

  /**
   * The engine's devices.
   *
   * @throws InvalidOptionException if a GPU is named that the engine does not see
   */
  default List<Device> resolve() {
    int gpus = Engines.pytorch().getGpuCount();
    if (this instanceof Gpu named) {
      for (int index : named.indices()) {
        if (index >= gpus) {
          throw new InvalidOptionException(
              "GPU %d is not there: PyTorch sees %d; use device cpu or auto, or give it CUDA"
                      .formatted(index, gpus)
                  + " natives (docs/gpu.md; 'gpfm doctor' shows those in use).");
        }
      }
      return named.indices().stream().map(Device::gpu).toList();
    }
    if (this instanceof Auto && gpus > 0) {
      return IntStream.range(0, gpus).mapToObj(Device::gpu).toList();
    }
    if (this instanceof Auto) {
      EngineNatives.warnOfUnusedGpus();
    }
    return List.of(Device.cpu());
  }
}
