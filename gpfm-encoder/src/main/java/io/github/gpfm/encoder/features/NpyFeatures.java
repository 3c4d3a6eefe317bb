package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.support.AtomicFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * NumPy's format, version 1.0: a magic, a header that is a Python literal, rows. The coordinates
 * lie in a file of their own; there is no room for provenance.
 */
final class NpyFeatures implements FeatureFormat {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern SHAPE =
      Pattern.compile("'shape':\\s*\\((\\d+),\\s*(\\d+)(?:,\\s*(\\d+))?\\)");

  @Override
  public String name() {
    return "npy";
  }

  @Override
  public boolean keepsProvenance() {
    return false;
  }

  @Override
  public FeatureWriter create(Path file, FeatureHeader header) {
    RowFile.Companion companion = companion(file);
    return RowFile.create(
        file,
        header,
        companion,
        (part, current) -> {
          writeCoords(companion, header);
          ByteBuffer head = header("<f4", header.shape());
          long start = head.remaining();
          RowFile.writeFully(part, head);
          return start;
        });
  }

  @Override
  public FeatureReader open(Path file) {
    RawRows.requireFile(file);
    Table features = table(file, "<f4", 4);
    long[] coords = coordsBeside(file);
    return new RawRows(
        file,
        features.start(),
        features.rows(),
        features.patches(),
        features.columns(),
        coords,
        Optional.empty());
  }

  /** The file of coordinates that belongs to one of features. */
  static RowFile.Companion companion(Path file) {
    Path coords = coordsFile(file.toAbsolutePath());
    return new RowFile.Companion(AtomicFile.part(coords), coords);
  }

  static void writeCoords(RowFile.Companion companion, FeatureHeader header) throws IOException {
    long[] xy = header.coords();
    ByteBuffer data = ByteBuffer.allocate(8 * xy.length).order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(xy);
    RowFile.writeFully(companion.part(), header("<i8", List.of(header.rows(), 2)), data);
  }

  /** The coordinates in the file beside one of features; empty if there is none. */
  static long[] coordsBeside(Path file) {
    Path beside = coordsFile(file.toAbsolutePath());
    if (!Files.isRegularFile(beside)) {
      return new long[0];
    }
    Table table = table(beside, "<i8", 8);
    if (table.patches() > 0) {
      throw damaged(beside, "coordinates are a table [n, 2]");
    }
    try {
      long[] coords = new long[Math.multiplyExact(table.rows(), table.columns())];
      RawRows.read(beside, table.start(), 8L * coords.length).asLongBuffer().get(coords);
      return coords;
    } catch (ArithmeticException e) {
      throw damaged(beside, "its shape holds more coordinates than fit into memory");
    } catch (IOException e) {
      throw damaged(beside, e);
    }
  }

  private record Table(long start, int rows, int patches, int columns) {}

  private static Table table(Path file, String type, int size) {
    try {
      ByteBuffer head = RawRows.read(file, 0, 10);
      for (byte b : MAGIC) {
        if (head.get() != b) {
          throw damaged(file, "it does not begin as .npy files do");
        }
      }
      int version = head.get();
      head.get();
      if (version != 1) {
        throw damaged(file, "its format version " + version + " is not 1");
      }
      int length = head.getShort() & 0xFFFF;
      byte[] text = new byte[length];
      RawRows.read(file, 10, length).get(text);
      String literal = new String(text, StandardCharsets.ISO_8859_1);
      Matcher shape = SHAPE.matcher(literal);
      if (!shape.find() || !literal.contains("'" + type + "'") || literal.contains("True")) {
        throw damaged(file, "it is not a row-major table of type " + type);
      }
      int rows = Integer.parseInt(shape.group(1));
      int second = Integer.parseInt(shape.group(2));
      boolean table = shape.group(3) == null;
      int columns = table ? second : Integer.parseInt(shape.group(3));
      int patches = table ? 0 : second;
      long values = Math.multiplyExact((long) rows * Math.max(1, patches), columns);
      if (Files.size(file) - 10 - length != Math.multiplyExact(size, values)) {
        throw damaged(file, "its length does not fit its shape");
      }
      Math.multiplyExact(Math.max(1, patches), columns);
      return new Table(10L + length, rows, patches, columns);
    } catch (NumberFormatException | ArithmeticException e) {
      throw damaged(file, "its shape is larger than any file");
    } catch (IOException e) {
      throw damaged(file, e);
    }
  }

  private static GpfmException damaged(Path file, IOException e) {
    return damaged(file, e instanceof EOFException ? "it ends too early" : e.toString());
  }

  private static GpfmException damaged(Path file, String reason) {
    return new GpfmException(
        file + " is not a readable NumPy file (" + reason + "): make it again.");
  }

  private static Path coordsFile(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return file.resolveSibling((dot < 0 ? name : name.substring(0, dot)) + "-coords.npy");
  }

  private static ByteBuffer header(String type, List<Integer> shape) {
    String literal =
        "{'descr': '"
            + type
            + "', 'fortran_order': False, 'shape': ("
            + shape.stream().map(String::valueOf).collect(Collectors.joining(", "))
            + "), }";
    int length = literal.length() + 1;
    int padded = (length + 10 + 63) / 64 * 64 - 10;
    byte[] text =
        (literal + " ".repeat(padded - length) + "\n").getBytes(StandardCharsets.US_ASCII);
    ByteBuffer head = ByteBuffer.allocate(10 + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return head.put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) text.length)
        .put(text)
        .flip();
  }
}
