package io.github.gpfm.encoder;

import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.encoder.weights.DType;
import java.util.Arrays;
import java.util.Locale;

/** Element type a network computes in; features are float32 always. */
public enum Precision {
  /** Exact: equal to the authors' code within rounding. */
  FLOAT32(DType.FLOAT32),
  /** Half the memory; fast on processors with AMX or avx512_bf16 and on GPUs. */
  BFLOAT16(DType.BFLOAT16),
  /** Half the memory; meant for GPUs. */
  FLOAT16(DType.FLOAT16);

  private final DType dtype;

  Precision(DType dtype) {
    this.dtype = dtype;
  }

  /** The element type of tensors. */
  public DType dtype() {
    return dtype;
  }

  /**
   * @param name {@code float32}, {@code bfloat16} or {@code float16}, in any case
   * @throws InvalidOptionException for another name
   */
  public static Precision parse(String name) {
    return Arrays.stream(values())
        .filter(p -> p.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidOptionException(
                    "precision must be float32, bfloat16 or float16, not '" + name + "'."));
  }
}
