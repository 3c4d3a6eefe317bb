package io.github.gpfm.encoder.weights;

import java.util.Optional;

/** Element types of tensors in weight files. */
public enum DType {
  /** IEEE 754 binary64. */
  FLOAT64("F64", "DoubleStorage", "float64", 8),
  /** IEEE 754 binary32. */
  FLOAT32("F32", "FloatStorage", "float32", 4),
  /** IEEE 754 binary16. */
  FLOAT16("F16", "HalfStorage", "float16", 2),
  /** The upper 16 bits of a binary32. */
  BFLOAT16("BF16", "BFloat16Storage", "bfloat16", 2),
  /** Signed, two's complement. */
  INT64("I64", "LongStorage", "int64", 8),
  /** Signed, two's complement. */
  INT32("I32", "IntStorage", "int32", 4),
  /** Signed, two's complement. */
  INT16("I16", "ShortStorage", "int16", 2),
  /** Signed, two's complement. */
  INT8("I8", "CharStorage", "int8", 1),
  /** Unsigned. */
  UINT8("U8", "ByteStorage", "uint8", 1),
  /** One byte, 0 or 1. */
  BOOL("BOOL", "BoolStorage", "bool", 1),
  /** Unsigned. */
  UINT16("U16", "", "uint16", 2),
  /** Unsigned. */
  UINT32("U32", "", "uint32", 4),
  /** Unsigned. */
  UINT64("U64", "", "uint64", 8),
  /** Two binary32; its values are not read. */
  COMPLEX64("C64", "ComplexFloatStorage", "complex64", 8),
  /** Two binary64; its values are not read. */
  COMPLEX128("C128", "ComplexDoubleStorage", "complex128", 16),
  /** Eight bits, four of them the exponent; its values are not read. */
  FLOAT8_E4M3("F8_E4M3", "", "float8_e4m3fn", 1),
  /** Eight bits, five of them the exponent; its values are not read. */
  FLOAT8_E5M2("F8_E5M2", "", "float8_e5m2", 1),
  /** {@link #FLOAT8_E4M3} without infinities and negative zero; its values are not read. */
  FLOAT8_E4M3FNUZ("F8_E4M3FNUZ", "", "float8_e4m3fnuz", 1),
  /** {@link #FLOAT8_E5M2} without infinities and negative zero; its values are not read. */
  FLOAT8_E5M2FNUZ("F8_E5M2FNUZ", "", "float8_e5m2fnuz", 1),
  /** Eight bits of exponent; its values are not read. */
  FLOAT8_E8M0("F8_E8M0", "", "float8_e8m0fnu", 1);

  private final String safetensorsName;
  private final String torchStorage;
  private final String torchName;
  private final int size;

  DType(String safetensorsName, String torchStorage, String torchName, int size) {
    this.safetensorsName = safetensorsName;
    this.torchStorage = torchStorage;
    this.torchName = torchName;
    this.size = size;
  }

  /** Name in a safetensors header, for instance {@code F32}. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /**
   * Name of PyTorch's storage class, for instance {@code FloatStorage}; empty for newer types,
   * which have none of their own.
   */
  public String torchStorage() {
    return torchStorage;
  }

  /** Bytes of one element. */
  public int size() {
    return size;
  }

  /**
   * Whether elements are floating-point numbers of 16 bits or more, which networks compute with.
   */
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

  /** The type that PyTorch calls {@code torch.name}. */
  static Optional<DType> fromTorchName(String name) {
    for (DType type : values()) {
      if (type.torchName.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The type with that PyTorch storage class. */
  public static Optional<DType> fromTorchStorage(String name) {
    for (DType type : values()) {
      if (!name.isEmpty() && type.torchStorage.equals(name)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
