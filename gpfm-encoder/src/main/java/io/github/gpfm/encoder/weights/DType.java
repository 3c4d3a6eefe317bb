package io.github.gpfm.encoder.weights;

import java.util.Optional;

/** Element types of tensors in weight files. */
public enum DType {
  /** IEEE 754 binary64. */
  FLOAT64("F64", "DoubleStorage", 8),
  /** IEEE 754 binary32. */
  FLOAT32("F32", "FloatStorage", 4),
  /** IEEE 754 binary16. */
  FLOAT16("F16", "HalfStorage", 2),
  /** The upper 16 bits of a binary32. */
  BFLOAT16("BF16", "BFloat16Storage", 2),
  /** Signed, two's complement. */
  INT64("I64", "LongStorage", 8),
  /** Signed, two's complement. */
  INT32("I32", "IntStorage", 4),
  /** Signed, two's complement. */
  INT16("I16", "ShortStorage", 2),
  /** Signed, two's complement. */
  INT8("I8", "CharStorage", 1),
  /** Unsigned. */
  UINT8("U8", "ByteStorage", 1),
  /** One byte, 0 or 1. */
  BOOL("BOOL", "BoolStorage", 1);

  private final String safetensorsName;
  private final String torchStorage;
  private final int size;

  DType(String safetensorsName, String torchStorage, int size) {
    this.safetensorsName = safetensorsName;
    this.torchStorage = torchStorage;
    this.size = size;
  }

  /** Name in a safetensors header, for instance {@code F32}. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /** Name of PyTorch's storage class, for instance {@code FloatStorage}. */
  public String torchStorage() {
    return torchStorage;
  }

  /** Bytes of one element. */
  public int size() {
    return size;
  }

  /** Whether elements are floating-point numbers. */
  public boolean isFloating() {
    return this == FLOAT64 || this == FLOAT32 || this == FLOAT16 || this == BFLOAT16;
  }

  /** The type with that safetensors name. */
  public static Optional<DType> fromSafetensors(String name) {
    for (DType type : values()) {
      if (type.safetensorsName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type with that PyTorch storage class. */
  public static Optional<DType> fromTorchStorage(String name) {
    for (DType type : values()) {
      if (type.torchStorage.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
