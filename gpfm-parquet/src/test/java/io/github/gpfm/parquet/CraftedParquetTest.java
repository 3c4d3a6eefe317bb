package io.github.gpfm.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.gpfm.api.GpfmException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of a few bytes, whole and with right checksums, that claim thousands of millions. */
class CraftedParquetTest {
  private static final int ROWS = 16;
  private static final byte[] NONE = {};

  @TempDir private Path folder;

  private static MessageType longs() {
    return Types.buildMessage().required(PrimitiveTypeName.INT64).named("x").named("gpfm");
  }

  private static MessageType texts() {
    return Types.buildMessage().required(PrimitiveTypeName.BINARY).named("t").named("gpfm");
  }

  private static MessageType vectors() {
    return Types.buildMessage().repeated(PrimitiveTypeName.FLOAT).named("v").named("gpfm");
  }

  /** A file of one column, one page and, if it has bytes, one dictionary. */
  private Path write(
      MessageType schema, int rows, int values, Encoding encoding, byte[] dictionary, byte[] page)
      throws IOException {
    return write(schema, rows, values, encoding, dictionary, dictionary.length / 8, page);
  }

  private Path write(
      MessageType schema,
      int rows,
      int values,
      Encoding encoding,
      byte[] dictionary,
      int dictionarySize,
      byte[] page)
      throws IOException {
    Path file = folder.resolve("crafted.parquet");
    Files.deleteIfExists(file);
    try (ParquetFileWriter writer =
        new ParquetFileWriter(
            new LocalOutputFile(file),
            schema,
            ParquetFileWriter.Mode.CREATE,
            1 << 20,
            0,
            null,
            ParquetProperties.builder().build())) {
      writer.start();
      writer.startBlock(rows);
      writer.startColumn(schema.getColumns().get(0), values, CompressionCodecName.UNCOMPRESSED);
      if (dictionary.length > 0) {
        writer.writeDictionaryPage(
            new DictionaryPage(BytesInput.from(dictionary), dictionarySize, Encoding.PLAIN));
      }
      writer.writeDataPage(
          values,
          page.length,
          BytesInput.from(page),
          Statistics.getBuilderForReading(schema.getColumns().get(0).getPrimitiveType()).build(),
          rows,
          Encoding.RLE,
          Encoding.RLE,
          encoding);
      writer.endColumn();
      writer.endBlock();
      writer.end(Map.of(ParquetFiles.DIMENSION + "v", "2"));
    }
    assertTrue(Files.size(file) < 3_000_000, "a small file");
    return file;
  }

  private static byte[] runs(int width, long... headersAndValues) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (width > 0) {
      out.write(width);
    }
    for (int i = 0; i < headersAndValues.length; i += 2) {
      number(out, headersAndValues[i]);
      out.write((int) headersAndValues[i + 1]);
    }
    return out.toByteArray();
  }

  private static void number(ByteArrayOutputStream out, long number) {
    long rest = number;
    while (rest > 0x7f) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static byte[] words(long... values) {
    ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      bytes.putLong(value);
    }
    return bytes.array();
  }

  private static String refused(Path file) {
    GpfmException e = assertThrows(GpfmException.class, () -> ParquetFiles.read(file));
    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("crafted.parquet"), message);
    return message;
  }

  @Test
  void honestRunsAreRead() throws IOException {
    Path equal =
        write(longs(), ROWS, ROWS, Encoding.RLE_DICTIONARY, words(7, 9), runs(1, ROWS << 1, 1));
    assertEquals(9, ParquetFiles.read(equal).longs("x")[15]);
    // Eight packed values of 00100010 and eight equal ones.
    Path mixed =
        write(longs(), ROWS, ROWS, Encoding.RLE_DICTIONARY, words(7, 9), runs(1, 3, 0x22, 16, 0));
    assertArrayEquals(
        new long[] {7, 9, 7, 7, 7, 9, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7},
        ParquetFiles.read(mixed).longs("x"));
  }

  @Test
  void aRunOfPackedValuesClaimsNoMoreThanItsPage() throws IOException {
    for (long groups : new long[] {1 << 28, 1 << 27, 4, (1L << 31) - 1}) {
      Path file =
          write(
              longs(),
              ROWS,
              ROWS,
              Encoding.RLE_DICTIONARY,
              words(7, 9),
              runs(1, groups << 1 | 1, 0));
      String message = refused(file);
      assertTrue(message.contains("a page of 16 values has a run of"), message);
    }
  }

  @Test
  void aRunOfEqualValuesClaimsNoMoreThanItsPage() throws IOException {
    for (long run : new long[] {1 << 30, ROWS + 8, 0}) {
      Path file =
          write(longs(), ROWS, ROWS, Encoding.RLE_DICTIONARY, words(7, 9), runs(1, run << 1, 0));
      assertTrue(refused(file).contains("has a run of"), refused(file));
    }
  }

  @Test
  void aDictionaryHasNoMoreValuesThanItsBytes() throws IOException {
    Path file =
        write(
            longs(),
            ROWS,
            ROWS,
            Encoding.RLE_DICTIONARY,
            words(7),
            Integer.MAX_VALUE - 8,
            runs(1, ROWS << 1, 0));
    assertTrue(refused(file).contains("a dictionary claims"), refused(file));
  }

  @Test
  void differencesClaimNoMoreThanTheirPage() throws IOException {
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    for (long n : new long[] {128, 4, Integer.MAX_VALUE, 0}) {
      number(page, n);
    }
    Path file = write(longs(), ROWS, ROWS, Encoding.DELTA_BINARY_PACKED, NONE, page.toByteArray());
    assertTrue(refused(file).contains("a page of 16 values"), refused(file));
    ByteArrayOutputStream wide = new ByteArrayOutputStream();
    for (long n : new long[] {1 << 30, 1, ROWS, 0}) {
      number(wide, n);
    }
    Path other = write(longs(), ROWS, ROWS, Encoding.DELTA_BINARY_PACKED, NONE, wide.toByteArray());
    assertTrue(refused(other).contains("damaged header"), refused(other));
  }

  @Test
  void aVectorTakesNoMoreThanItsDimension() throws IOException {
    // 2^20 values of one vector by a run of levels and one of values, in 30 bytes.
    int values = 1 << 20;
    ByteArrayOutputStream page = new ByteArrayOutputStream();
    for (byte[] levels :
        new byte[][] {runs(0, 2, 0, (values - 1L) << 1, 1), runs(0, (long) values << 1, 1)}) {
      page.writeBytes(
          ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(levels.length).array());
      page.writeBytes(levels);
    }
    page.writeBytes(runs(1, (long) values << 1, 0));
    byte[] two = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array();
    Path one = write(vectors(), 1, values, Encoding.RLE_DICTIONARY, two, 2, page.toByteArray());
    assertTrue(refused(one).contains("more or fewer values than its rows"), refused(one));
    Path first =
        write(vectors(), values / 2, values, Encoding.RLE_DICTIONARY, two, 2, page.toByteArray());
    String message = refused(first);
    assertTrue(
        message.contains("row 0 of column v is not of dimension 2")
            || message.contains("gpfm.limit.objects"),
        message);
  }

  @Test
  void aLongTextThatADictionaryRepeatsCountsEachTime() throws IOException {
    int length = 1 << 20;
    byte[] text =
        ByteBuffer.allocate(4 + length).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array();
    int rows = 1 << 20;
    Path file =
        write(texts(), rows, rows, Encoding.RLE_DICTIONARY, text, 1, runs(1, (long) rows << 1, 0));
    assertTrue(refused(file).contains("gpfm.limit.bytes"), refused(file));
  }
}
