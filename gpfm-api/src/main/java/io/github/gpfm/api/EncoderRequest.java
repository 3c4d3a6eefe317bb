package io.github.gpfm.api;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is asked of an {@link EncoderProvider}. Grows by further {@code with…} methods.
 *
 * @param name one of the provider's names, lower case
 * @param weights the weight file, if one was given
 * @param device {@code auto}, {@code cpu} or {@code cuda:0,1}
 * @param precision {@code float32}, {@code bfloat16} or {@code float16}
 * @param batchSize images at once, if stated
 * @param workers threads that read and resize images, if stated
 */
public record EncoderRequest(
    String name,
    Optional<Path> weights,
    String device,
    String precision,
    OptionalInt batchSize,
    OptionalInt workers) {
  /** An encoder in float32 on whatever device there is. */
  public static EncoderRequest of(String name) {
    return new EncoderRequest(
        name.toLowerCase(Locale.ROOT),
        Optional.empty(),
        "auto",
        "float32",
        OptionalInt.empty(),
        OptionalInt.empty());
  }

  /** With a weight file. */
  public EncoderRequest withWeights(Path file) {
    return new EncoderRequest(name, Optional.of(file), device, precision, batchSize, workers);
  }

  /** On another device, in another precision. */
  public EncoderRequest on(String otherDevice, String otherPrecision) {
    return new EncoderRequest(name, weights, otherDevice, otherPrecision, batchSize, workers);
  }

  /** With other numbers of images at once and of threads. */
  public EncoderRequest with(OptionalInt otherBatchSize, OptionalInt otherWorkers) {
    return new EncoderRequest(name, weights, device, precision, otherBatchSize, otherWorkers);
  }
}
