package io.github.gpfm.slideio.bioformats.internal;

/** Bio-Formats' pixel types in the order of their codes ({@code FormatTools.INT8} is 0). */
enum SampleType {
  INT8(1, true),
  UINT8(1, false),
  INT16(2, true),
  UINT16(2, false),
  INT32(4, true),
  UINT32(4, false),
  FLOAT(4, true),
  DOUBLE(8, true),
  BIT(1, false);

  private final int bytes;
  private final boolean signed;

  SampleType(int bytes, boolean signed) {
    this.bytes = bytes;
    this.signed = signed;
  }

  /**
   * @param code of {@code getPixelType()}
   * @throws IllegalArgumentException if there is no such type
   */
  static SampleType of(int code) {
    if (code < 0 || code >= values().length) {
      throw new IllegalArgumentException("unknown pixel type " + code);
    }
    return values()[code];
  }

  /** Bytes a sample. */
  int bytes() {
    return bytes;
  }

  /**
   * A sample as 0 to 255. Integers: the significant bits' whole range, linearly and rounded;
   * negative values are 0. Floating point: 0 to 1 is the range. Bits: 0 or 255.
   *
   * @param data samples
   * @param at byte offset of the sample
   * @param littleEndian byte order
   * @param significantBits how many bits of an integer carry the value, the sign included
   */
  int toByte(byte[] data, int at, boolean littleEndian, int significantBits) {
    long raw = 0;
    for (int i = 0; i < bytes; i++) {
      int index = littleEndian ? at + bytes - 1 - i : at + i;
      raw = raw << 8 | data[index] & 0xff;
    }
    return switch (this) {
      case BIT -> raw == 0 ? 0 : 255;
      case FLOAT -> unit(Float.intBitsToFloat((int) raw));
      case DOUBLE -> unit(Double.longBitsToDouble(raw));
      default -> integer(raw, significantBits);
    };
  }

  private int integer(long raw, int significantBits) {
    int unused = 64 - 8 * bytes;
    long value = signed ? raw << unused >> unused : raw;
    long top = (1L << (signed ? significantBits - 1 : significantBits)) - 1;
    return (int) ((Math.max(0, Math.min(value, top)) * 255 + top / 2) / top);
  }

  private static int unit(double value) {
    return value >= 1 ? 255 : value > 0 ? (int) Math.round(value * 255) : 0;
  }
}
