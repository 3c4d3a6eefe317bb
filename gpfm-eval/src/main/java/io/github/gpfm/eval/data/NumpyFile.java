package io.github.gpfm.eval.data;

import io.github.gpfm.eval.EvaluationException;
import io.github.gpfm.eval.linalg.Matrix;
import io.github.gpfm.support.Budget;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * Features as NumPy writes them: {@code .npy}, or {@code .npz} with one table, or one called {@code
 * features}, {@code feature} or {@code embeddings}. Half, single and double precision, row-major,
 * little-endian; a leading axis of one is dropped. Coordinates are read from an array {@code
 * coords} of the archive.
 */
final class NumpyFile {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int MOST_HEADER = 1 << 16;
  private static final Pattern DESCRIPTION = Pattern.compile("'descr':\\s*'([^']*)'");
  private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([\\d,\\s]*)\\)");
  private static final List<String> FLOATS = List.of("<f2", "<f4", "<f8");
  private static final List<String> NAMES = List.of("features", "feature", "embeddings");

  private record Array(String type, List<Integer> shape, ByteBuffer data) {
    boolean isTable() {
      return FLOATS.contains(type) && (shape.size() == 2 || shape.size() == 3 && shape.get(0) == 1);
    }

    Matrix table() {
      int columns = shape.get(shape.size() - 1);
      int rows = shape.get(shape.size() - 2);
      float[] values = new float[Math.multiplyExact(rows, columns)];
      for (int i = 0; i < values.length; i++) {
        values[i] =
            switch (type) {
              case "<f2" -> half(data.getShort(2 * i));
              case "<f4" -> data.getFloat(4 * i);
              default -> (float) data.getDouble(8 * i);
            };
      }
      return Matrix.of(rows, columns, values);
    }

    long[] coords() {
      int count = shape.stream().reduce(1, Math::multiplyExact);
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = type.equals("<i8") ? data.getLong(8 * i) : data.getInt(4 * i);
      }
      return values;
    }
  }

  private NumpyFile() {}

  static FeatureBag read(String id, Path file) {
    Budget budget = Budget.of(file, EvaluationException::new);
    return budget.open("a NumPy file", () -> read(id, file, budget));
  }

  private static FeatureBag read(String id, Path file, Budget budget) throws IOException {
    boolean archive = file.toString().toLowerCase(java.util.Locale.ROOT).endsWith(".npz");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
      Map<String, Array> arrays = archive ? entries(file, in, budget) : Map.of("", array(file, in));
      Array features = choose(file, arrays);
      Array coords = arrays.get("coords");
      long[] places =
          coords != null && (coords.type.equals("<i8") || coords.type.equals("<i4"))
              ? coords.coords()
              : new long[0];
      return new FeatureBag(id, features.table(), places);
    }
  }

  private static Array choose(Path file, Map<String, Array> arrays) {
    List<Array> tables = new ArrayList<>();
    for (var entry : arrays.entrySet()) {
      if (entry.getValue().isTable()) {
        if (NAMES.contains(entry.getKey())) {
          return entry.getValue();
        }
        tables.add(entry.getValue());
      }
    }
    if (tables.size() != 1) {
      throw new EvaluationException(
          "'%s' holds %d tables of floating-point numbers with two axes; it must hold one, or one called 'features'"
              .formatted(file, tables.size()));
    }
    return tables.get(0);
  }

  private static Map<String, Array> entries(Path file, InputStream in, Budget budget)
      throws IOException {
    Map<String, Array> arrays = new LinkedHashMap<>();
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry e = zip.getNextEntry(); e != null; e = zip.getNextEntry()) {
      budget.objects(1);
      budget.name(e.getName().length(), "an array's name");
      if (e.getName().endsWith(".npy")) {
        arrays.put(
            e.getName().substring(0, e.getName().length() - 4), array(file, counted(zip, budget)));
      } else {
        counted(zip, budget).transferTo(OutputStream.nullOutputStream());
      }
    }
    return arrays;
  }

  /** Of an archive, which may inflate to a thousand times its length: counts what is inflated. */
  private static InputStream counted(ZipInputStream zip, Budget budget) {
    return new FilterInputStream(zip) {
      @Override
      public int read() throws IOException {
        int value = super.read();
        budget.bytes(value < 0 ? 0 : 1, "its arrays");
        return value;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int read = super.read(buffer, offset, length);
        budget.bytes(Math.max(0, read), "its arrays");
        return read;
      }
    };
  }

  // Reads in pieces, so that a header cannot make more memory than the file has bytes.
  private static Array array(Path file, InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw damaged(file, "it does not begin as .npy files do");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    byte[] size = in.readNBytes(version == 1 ? 2 : 4);
    int length = 0;
    for (int i = size.length - 1; i >= 0; i--) {
      length = length << 8 | size[i] & 0xFF;
    }
    if (length < 0 || length > MOST_HEADER) {
      throw damaged(file, "its header is too long");
    }
    String header = new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
    Matcher type = DESCRIPTION.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!type.find() || !shape.find()) {
      throw damaged(file, "its header has no type or shape");
    }
    if (header.contains("'fortran_order': True")) {
      throw damaged(file, "it is stored by columns; save it row by row (C order)");
    }
    List<Integer> axes = new ArrayList<>();
    for (String axis : shape.group(1).split(",")) {
      if (!axis.isBlank()) {
        axes.add(Integer.parseInt(axis.strip()));
      }
    }
    String description = type.group(1);
    int width = width(file, description);
    int bytes = width;
    for (int axis : axes) {
      bytes = Math.multiplyExact(bytes, axis);
    }
    byte[] data = in.readNBytes(bytes);
    if (data.length != bytes) {
      throw damaged(file, "it has " + data.length + " of " + bytes + " bytes of values");
    }
    return new Array(description, axes, ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN));
  }

  private static int width(Path file, String type) {
    Matcher width = Pattern.compile("[<|=]?[a-zA-Z](\\d{1,4})").matcher(type);
    if (!width.matches()) {
      throw damaged(file, "values of type '" + type + "' are not read");
    }
    // Text is stored with four bytes a character.
    return Integer.parseInt(width.group(1)) * (type.contains("U") ? 4 : 1);
  }

  private static float half(short bits) {
    int sign = bits >>> 15 & 1;
    int exponent = bits >>> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    double magnitude =
        exponent == 0
            ? Math.scalb((double) fraction, -24)
            : exponent == 31
                ? fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN
                : Math.scalb(1 + fraction / 1024.0, exponent - 15);
    return (float) (sign == 1 ? -magnitude : magnitude);
  }

  private static EvaluationException damaged(Path file, String reason) {
    return new EvaluationException("'" + file + "' cannot be read as NumPy's format: " + reason);
  }
}
