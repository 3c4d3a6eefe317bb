package io.github.gpfm.slideio.internal.codec;

/**
 * TIFF's LZW (compression 5): codes of 9 to 12 bits, high bit first, the width growing one code
 * early. TwelveMonkeys' decoder is private to its reader, and this one is bounded by the output.
 */
public final class Lzw {
  private static final int CLEAR = 256;
  private static final int END = 257;
  private static final int TABLE = 4096;

  private final byte[] data;
  private final byte[] result;
  private final int[] prefix = new int[TABLE];
  private final byte[] suffix = new byte[TABLE];
  private final int[] length = new int[TABLE];
  private int bitPosition;
  private int filled;

  private Lzw(byte[] data, int size) {
    this.data = data;
    this.result = new byte[size];
    for (int i = 0; i < CLEAR; i++) {
      suffix[i] = (byte) i;
      length[i] = 1;
    }
  }

  /**
   * Expands to a known length.
   *
   * @throws CodecException if the data is damaged or ends early
   */
  public static byte[] decode(byte[] data, int length) throws CodecException {
    if (data.length > Integer.MAX_VALUE / 8) {
      throw new CodecException("one block of LZW data has " + data.length + " bytes");
    }
    return new Lzw(data, length).run();
  }

  private byte[] run() throws CodecException {
    int width = 9;
    int next = END + 1;
    int previous = -1;
    while (filled < result.length) {
      int code = read(width);
      if (code == END) {
        throw new CodecException("the LZW data ends after " + filled + " of " + result.length);
      }
      if (code == CLEAR) {
        width = 9;
        next = END + 1;
        previous = -1;
        continue;
      }
      if (previous < 0) {
        if (code > CLEAR) {
          throw new CodecException("the LZW data starts with the unknown code " + code);
        }
        result[filled++] = (byte) code;
      } else {
        if (code > next || (code == next && next >= TABLE)) {
          throw new CodecException("the LZW data has the unknown code " + code);
        }
        if (next < TABLE) {
          prefix[next] = previous;
          length[next] = length[previous] + 1;
          suffix[next] = code == next ? first(previous) : first(code);
          next++;
        }
        write(code);
      }
      if (next == (1 << width) - 1 && width < 12) {
        width++;
      }
      previous = code;
    }
    return result;
  }

  private int read(int width) throws CodecException {
    if (bitPosition + width > data.length * 8) {
      throw new CodecException("the LZW data ends after " + filled + " of " + result.length);
    }
    int at = bitPosition >> 3;
    int window = (data[at] & 0xff) << 16;
    if (at + 1 < data.length) {
      window |= (data[at + 1] & 0xff) << 8;
    }
    if (at + 2 < data.length) {
      window |= data[at + 2] & 0xff;
    }
    int code = window >> 24 - (bitPosition & 7) - width & (1 << width) - 1;
    bitPosition += width;
    return code;
  }

  private byte first(int code) {
    int at = code;
    while (length[at] > 1) {
      at = prefix[at];
    }
    return suffix[at];
  }

  private void write(int code) {
    int count = length[code];
    int at = code;
    for (int i = filled + count - 1; i >= filled; i--) {
      if (i < result.length) {
        result[i] = suffix[at];
      }
      at = prefix[at];
    }
    filled = Math.min(filled + count, result.length);
  }
}
