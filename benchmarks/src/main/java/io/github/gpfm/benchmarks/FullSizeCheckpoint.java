package io.github.gpfm.benchmarks;

import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.vit.VitConfig;
import io.github.gpfm.encoder.weights.DType;
import io.github.gpfm.encoder.weights.TensorData;
import io.github.gpfm.encoder.weights.TorchCheckpoint;
import io.github.gpfm.encoder.weights.WeightTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a synthetic checkpoint of GPFM's full size (1.2 GB, seeded, official names) and loads it:
 * prints the time and the largest resident memory.
 *
 * <p>Arguments: {@code write FILE} or {@code load FILE}, in two processes, so that writing does not
 * count.
 */
public final class FullSizeCheckpoint {
  private FullSizeCheckpoint() {}

  /** Runs the benchmark. */
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    if (args[0].equals("write")) {
      write(file);
      return;
    }
    long before = Memory.resident();
    long start = System.nanoTime();
    try (GpfmEncoder encoder = GpfmEncoder.builder().weights(file).build()) {
      System.out.printf(
          "%s: %.1f s, file %d MB, RSS before %d MB, after %d MB, peak %d MB%n",
          encoder.info().name(),
          (System.nanoTime() - start) / 1e9,
          Files.size(file) >> 20,
          before,
          Memory.resident(),
          Memory.peak());
      System.out.printf("first value %.6f%n", encoder.embed(EncoderSpeed.image(1))[0]);
    }
  }

  private static void write(Path file) {
    VitConfig config = VitConfig.GPFM;
    Map<String, WeightTensor> teacher = new LinkedHashMap<>();
    config
        .shapes()
        .forEach(
            (name, shape) -> {
              String official =
                  name.startsWith("blocks.")
                      ? "blocks." + block(name) / (config.depth() / 4) + name.substring(6)
                      : name;
              teacher.put("backbone." + official, drawn(name, shape));
            });
    TorchCheckpoint.write(file, Map.of("teacher", teacher));
  }

  private static int block(String name) {
    return Integer.parseInt(name.split("\\.")[1]);
  }

  /** Values from a counter's hash, made while they are written. */
  private static WeightTensor drawn(String name, List<Long> shape) {
    long count = shape.stream().reduce(1L, Math::multiplyExact);
    long seed = name.hashCode() * 0x9E3779B97F4A7C15L;
    TensorData data =
        new TensorData() {
          @Override
          public long size() {
            return count * 4;
          }

          @Override
          public void read(long position, ByteBuffer target) {
            target.order(ByteOrder.LITTLE_ENDIAN);
            for (long i = position / 4; target.hasRemaining(); i++) {
              long bits = (seed + i) * 0xBF58476D1CE4E5B9L;
              bits = (bits ^ bits >>> 31) * 0x94D049BB133111EBL;
              target.putFloat(0.04f * ((bits >>> 40) * 0x1p-24f - 0.5f));
            }
          }
        };
    return new WeightTensor(name, DType.FLOAT32, shape, data);
  }
}
