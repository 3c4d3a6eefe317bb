package io.github.gpfm.examples;

import io.github.gpfm.api.Encoder;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.ComputeDevice;
import io.github.gpfm.encoder.GpfmEncoder;
import io.github.gpfm.encoder.Precision;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which encoder, and where it runs; the same in every command that needs one. */
final class EncoderOptions {
  @Option(
      names = "--weights",
      paramLabel = "F",
      description = "Weights, .pth or .safetensors (default: the small model in this program).")
  private @Nullable Path weights;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Tiles at once (default 8 on the CPU, 128 on a GPU; halved if too many).")
  private @Nullable Integer batchSize;

  @Option(
      names = "--device",
      defaultValue = "auto",
      description = "auto, cpu, cuda, cuda:N or cuda:N,M (default auto: GPUs if there are any).")
  private String device;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description = "float32, bfloat16 or float16 (default float32).")
  private String precision;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that read and resize tiles (default: one per processor).")
  private @Nullable Integer workers;

  /**
   * Opens the encoder.
   *
   * @throws InvalidOptionException if an option is impossible
   * @throws io.github.gpfm.api.WeightsException if the weights do not fit
   */
  Encoder open() {
    GpfmEncoder.Builder builder =
        GpfmEncoder.builder()
            .device(ComputeDevice.parse(device))
            .precision(Precision.parse(precision));
    if (weights != null) {
      builder.weights(weights);
    }
    if (batchSize != null) {
      builder.batchSize(atLeastOne("--batch-size", batchSize));
    }
    if (workers != null) {
      builder.imageThreads(atLeastOne("--workers", workers));
    }
    return builder.build();
  }

  /** What of this changes features. */
  Map<String, String> parameters() {
    return Map.of("precision", Precision.parse(precision).name());
  }

  private static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new InvalidOptionException(option + " must be 1 or more, not " + value + ".");
    }
    return value;
  }
}
