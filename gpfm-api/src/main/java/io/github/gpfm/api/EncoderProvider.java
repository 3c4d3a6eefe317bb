package io.github.gpfm.api;

import java.util.List;

/**
 * Brings encoders that this library does not know. Named in {@code
 * META-INF/services/io.github.gpfm.api.EncoderProvider} of a jar on the class path, it is found by
 * {@link java.util.ServiceLoader}: its encoders can then be asked for by name wherever one of the
 * catalogue can ({@code --model}, the benchmark, the service).
 */
public interface EncoderProvider {
  /**
   * Names of its encoders, lower case; those of the built-in catalogue are taken.
   *
   * @return at least one
   */
  List<String> names();

  /** One line about an encoder, for lists. */
  String describe(String name);

  /**
   * Opens an encoder.
   *
   * @throws InvalidOptionException if the request cannot be honoured, for instance because weights
   *     are missing
   * @throws WeightsException if the weights do not fit
   */
  Encoder open(EncoderRequest request);
}
