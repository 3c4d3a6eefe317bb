package io.github.gpfm.slideio.internal.dicom;

import io.github.gpfm.slideio.internal.builtin.Numbers;
import io.github.gpfm.slideio.internal.io.SlideFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Elements by tag; values are read from the file when asked for. All is little endian. */
final class DicomDataset {
  private static final int MAX_VALUE = 1 << 26;

  private SlideFile file;
  private final Map<Integer, Value> values = new HashMap<>();
  private final Map<Integer, List<DicomDataset>> sequences = new HashMap<>();

  /**
   * Where a value lies.
   *
   * @param vr its two-letter representation, empty for implicit syntax
   * @param offset first byte
   * @param length bytes; -1 for undefined
   */
  record Value(String vr, long offset, long length) {}

  DicomDataset(SlideFile file) {
    this.file = file;
  }

  /** Goes on with the file as it is expanded; what was put stays where it lies. */
  void expand(SlideFile expanded) {
    file = expanded;
  }

  void put(int tag, Value value) {
    values.putIfAbsent(tag, value);
  }

  void putSequence(int tag, List<DicomDataset> items) {
    sequences.putIfAbsent(tag, items);
  }

  Optional<Value> value(int tag) {
    return Optional.ofNullable(values.get(tag));
  }

  List<DicomDataset> items(int tag) {
    return sequences.getOrDefault(tag, List.of());
  }

  /** The first item of a sequence, if any. */
  Optional<DicomDataset> item(int tag) {
    return items(tag).stream().findFirst();
  }

  Optional<byte[]> bytes(int tag) {
    Value value = values.get(tag);
    if (value == null || value.length() < 0) {
      return Optional.empty();
    }
    if (value.length() > MAX_VALUE) {
      throw file.damaged("a DICOM element has " + value.length() + " bytes");
    }
    return Optional.of(file.read(value.offset(), value.length()));
  }

  /** A text without padding; several values are divided by backslashes. */
  Optional<String> text(int tag) {
    return bytes(tag)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace('\0', ' ').strip());
  }

  /** An unsigned short, a long or an integer string. */
  OptionalLong integer(int tag) {
    Value value = values.get(tag);
    if (value == null) {
      return OptionalLong.empty();
    }
    Optional<byte[]> bytes = bytes(tag);
    if (bytes.isEmpty() || bytes.get().length == 0) {
      return OptionalLong.empty();
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes.get()).order(ByteOrder.LITTLE_ENDIAN);
    boolean string = value.vr().equals("IS") || tag == DicomTag.NUMBER_OF_FRAMES;
    if (string) {
      try {
        return OptionalLong.of(Long.parseLong(text(tag).orElse("").split("\\\\")[0].strip()));
      } catch (NumberFormatException e) {
        return OptionalLong.empty();
      }
    }
    return switch (buffer.capacity()) {
      case 2 -> OptionalLong.of(buffer.getShort() & 0xffff);
      case 4 -> OptionalLong.of(buffer.getInt());
      default -> OptionalLong.empty();
    };
  }

  /** The {@code index}-th of a decimal string's values, or a binary floating-point value. */
  OptionalDouble decimal(int tag, int index) {
    Value value = values.get(tag);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (value.vr().equals("FL") && value.length() == 4) {
      float number =
          ByteBuffer.wrap(bytes(tag).orElseThrow()).order(ByteOrder.LITTLE_ENDIAN).getFloat();
      return Float.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
    }
    String[] parts = text(tag).orElse("").split("\\\\");
    if (index >= parts.length) {
      return OptionalDouble.empty();
    }
    return Numbers.parse(parts[index]);
  }

  SlideFile file() {
    return file;
  }
}
