package io.github.gpfm.spark;

import io.github.gpfm.api.InvalidOptionException;
import java.io.Serializable;

/**
 * Which encoder executors open, once for each JVM or GPU. Travels to them as it is.
 *
 * @param model a name of the catalogue or of another jar; empty if {@code weights} are to tell
 * @param weights a local path that every executor has, or a URI of a Hadoop file system, which is
 *     copied once; empty for the bundled tiny model, or for models that need none
 * @param device {@code auto}, {@code cpu} or {@code cuda:0}; with {@code auto} a task that Spark
 *     gave a GPU takes that one
 * @param precision {@code float32}, {@code bfloat16} or {@code float16}
 * @param batchSize images at once; 0 for the encoder's own choice
 * @param imageThreads threads that read and resize images; 0 for one a processor
 */
public record EncoderSpec(
    String model, String weights, String device, String precision, int batchSize, int imageThreads)
    implements Serializable {
  /** Checks the numbers. */
  public EncoderSpec {
    if (batchSize < 0 || imageThreads < 0) {
      throw new InvalidOptionException(
          "batchSize and imageThreads must be 0 (the default) or more, not %d and %d."
              .formatted(batchSize, imageThreads));
    }
  }

  /** The bundled tiny model, to try things with. */
  public static EncoderSpec tiny() {
    return new EncoderSpec("", "", "auto", "float32", 0, 0);
  }

  /** The model that a weight file is of. */
  public static EncoderSpec ofWeights(String weights) {
    return new EncoderSpec("", weights, "auto", "float32", 0, 0);
  }

  /** A model by name. */
  public static EncoderSpec of(String model, String weights) {
    return new EncoderSpec(model, weights, "auto", "float32", 0, 0);
  }

  /** On another device, in another precision. */
  public EncoderSpec on(String otherDevice, String otherPrecision) {
    return new EncoderSpec(model, weights, otherDevice, otherPrecision, batchSize, imageThreads);
  }

  /** With other numbers of images at once and of threads; 0 for the default. */
  public EncoderSpec with(int otherBatchSize, int otherImageThreads) {
    return new EncoderSpec(model, weights, device, precision, otherBatchSize, otherImageThreads);
  }
}
