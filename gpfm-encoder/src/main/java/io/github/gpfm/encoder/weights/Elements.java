package io.github.gpfm.encoder.weights;

import com.google.common.primitives.UnsignedLong;
import io.github.gpfm.api.WeightsException;
import java.nio.ByteBuffer;

/** Single elements in little-endian buffers. */
final class Elements {
  private Elements() {}

  static double toDouble(DType type, ByteBuffer bytes, int index) {
    int at = index * type.size();
    return switch (type) {
      case FLOAT64 -> bytes.getDouble(at);
      case FLOAT32 -> bytes.getFloat(at);
      case FLOAT16 -> FloatFormats.halfToFloat(bytes.getShort(at));
      case BFLOAT16 -> FloatFormats.bfloat16ToFloat(bytes.getShort(at));
      case INT64 -> bytes.getLong(at);
      case INT32 -> bytes.getInt(at);
      case INT16 -> bytes.getShort(at);
      case INT8 -> bytes.get(at);
      case UINT8 -> bytes.get(at) & 0xff;
      case BOOL -> bytes.get(at) == 0 ? 0 : 1;
      case UINT16 -> bytes.getShort(at) & 0xffff;
      case UINT32 -> bytes.getInt(at) & 0xffffffffL;
      case UINT64 -> UnsignedLong.fromLongBits(bytes.getLong(at)).doubleValue();
      case COMPLEX64,
          COMPLEX128,
          FLOAT8_E4M3,
          FLOAT8_E5M2,
          FLOAT8_E4M3FNUZ,
          FLOAT8_E5M2FNUZ,
          FLOAT8_E8M0 ->
          throw new WeightsException(
              "Values of type %s are not read; convert them to F32.".formatted(type));
    };
  }

  static void putFloating(DType type, ByteBuffer bytes, double value) {
    switch (type) {
      case FLOAT64 -> bytes.putDouble(value);
      case FLOAT32 -> bytes.putFloat((float) value);
      case FLOAT16 -> bytes.putShort(FloatFormats.floatToHalf((float) value));
      case BFLOAT16 -> bytes.putShort(FloatFormats.floatToBfloat16((float) value));
      default -> throw new IllegalArgumentException(type + " is no floating-point type");
    }
  }
}
