package io.github.gpfm.slideio.internal.tiff;

import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * One image file directory. Values are read from the file when asked for and bounded by its size.
 */
public final class TiffDirectory {
  private static final int BYTE = 1;
  private static final int ASCII = 2;
  private static final int UNDEFINED = 7;

  private final SlideFile file;
  private final ByteOrder order;
  private final int index;
  private final Map<Integer, Entry> entries;

  /**
   * One entry.
   *
   * @param type TIFF field type, 1 to 18
   * @param count number of values
   * @param inline the value field when the values fit into it, else {@code null}
   * @param offset where the values lie otherwise
   */
  record Entry(int type, long count, byte @Nullable [] inline, long offset) {
    int valueSize() {
      return sizeOf(type);
    }
  }

  TiffDirectory(SlideFile file, ByteOrder order, int index, Map<Integer, Entry> entries) {
    this.file = file;
    this.order = order;
    this.index = index;
    this.entries = entries;
  }

  /** Bytes of one value of a field type, or 0 if there is no such type. */
  static int sizeOf(int type) {
    return switch (type) {
      case 1, 2, 6, 7 -> 1;
      case 3, 8 -> 2;
      case 4, 9, 11, 13 -> 4;
      case 5, 10, 12, 16, 17, 18 -> 8;
      default -> 0;
    };
  }

  /** The file it lies in. */
  public SlideFile file() {
    return file;
  }

  /** Place in the chain of directories, from 0; -1 for a sub-directory. */
  public int index() {
    return index;
  }

  /** Byte order of the file. */
  public ByteOrder order() {
    return order;
  }

  /** Whether the tag is there with at least one value. */
  public boolean has(int tag) {
    Entry entry = entries.get(tag);
    return entry != null && entry.count > 0;
  }

  /** Number of values, 0 when absent. */
  public long count(int tag) {
    Entry entry = entries.get(tag);
    return entry == null ? 0 : entry.count;
  }

  /** The first value as an integer; empty when absent or not of an integer type. */
  public OptionalLong integer(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null || entry.count < 1 || !isInteger(entry.type)) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(integerAt(buffer(entry, 1), entry.type, 0));
  }

  /** The first value as an integer, or a default. */
  public long integer(int tag, long fallback) {
    return integer(tag).orElse(fallback);
  }

  /** All values as integers; empty when absent or not of an integer type. */
  public long[] integers(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null || !isInteger(entry.type)) {
      return new long[0];
    }
    ByteBuffer buffer = buffer(entry, entry.count);
    long[] values = new long[(int) entry.count];
    for (int i = 0; i < values.length; i++) {
      values[i] = integerAt(buffer, entry.type, i);
    }
    return values;
  }

  /** The first value as a floating-point number; empty when absent or of an integer type. */
  public OptionalDouble floating(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null || entry.count < 1) {
      return OptionalDouble.empty();
    }
    ByteBuffer buffer = buffer(entry, 1);
    return switch (entry.type) {
      case 5 ->
          OptionalDouble.of(
              (double) (buffer.getInt(0) & 0xffffffffL) / (buffer.getInt(4) & 0xffffffffL));
      case 10 -> OptionalDouble.of((double) buffer.getInt(0) / buffer.getInt(4));
      case 11 -> OptionalDouble.of(buffer.getFloat(0));
      case 12 -> OptionalDouble.of(buffer.getDouble(0));
      default -> OptionalDouble.empty();
    };
  }

  /** The bytes up to the first zero as UTF-8 text; empty when absent or not of a byte type. */
  public Optional<String> text(int tag) {
    return rawText(tag).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  /** The bytes of a text up to the first zero. */
  public Optional<byte[]> rawText(int tag) {
    return bytes(tag)
        .map(
            bytes -> {
              int length = 0;
              while (length < bytes.length && bytes[length] != 0) {
                length++;
              }
              return Arrays.copyOf(bytes, length);
            });
  }

  /** The values as bytes; empty when absent or not of a byte type. */
  public Optional<byte[]> bytes(int tag) {
    Entry entry = entries.get(tag);
    if (entry == null
        || entry.count < 1
        || (entry.type != ASCII && entry.type != UNDEFINED && entry.type != BYTE)) {
      return Optional.empty();
    }
    byte[] bytes = new byte[(int) entry.count];
    buffer(entry, entry.count).get(bytes);
    return Optional.of(bytes);
  }

  /** The required integer. */
  long required(int tag, String name) {
    return integer(tag)
        .orElseThrow(() -> file.damaged("its directory " + index + " has no " + name));
  }

  private static boolean isInteger(int type) {
    return switch (type) {
      case 1, 3, 4, 6, 8, 9, 13, 16, 17, 18 -> true;
      default -> false;
    };
  }

  private ByteBuffer buffer(Entry entry, long count) {
    if (count > TiffReader.MAX_VALUES) {
      throw file.damaged("a directory entry has " + count + " values");
    }
    byte[] inline = entry.inline;
    byte[] bytes = inline == null ? file.read(entry.offset, count * entry.valueSize()) : inline;
    return ByteBuffer.wrap(bytes).order(order);
  }

  private static long integerAt(ByteBuffer buffer, int type, int i) {
    return switch (type) {
      case 1 -> buffer.get(i) & 0xff;
      case 6 -> buffer.get(i);
      case 3 -> buffer.getShort(2 * i) & 0xffff;
      case 8 -> buffer.getShort(2 * i);
      case 4, 13 -> buffer.getInt(4 * i) & 0xffffffffL;
      case 9 -> buffer.getInt(4 * i);
      default -> buffer.getLong(8 * i);
    };
  }
}
