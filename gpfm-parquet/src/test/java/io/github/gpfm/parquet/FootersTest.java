package io.github.gpfm.parquet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FootersTest {
  @TempDir Path folder;

  /** However Parquet put its lists, the file is the same, and can be read. */
  @Test
  void anotherOrderGivesTheSameBytes() throws IOException {
    Path file = folder.resolve("a.parquet");
    ColumnTable table =
        ColumnTable.builder()
            .longs("x", new long[] {1, 2, 3})
            .strings("name", List.of("a", "a", "b"))
            .metadata("one", "1")
            .metadata("two", "2")
            .build();
    ParquetFiles.write(file, table);
    byte[] bytes = Files.readAllBytes(file);
    byte[] reversed = reversed(bytes);
    assertEquals(bytes.length, reversed.length);
    assertEquals(false, Arrays.equals(bytes, reversed));
    Files.write(file, reversed);
    Footers.sort(file);
    assertArrayEquals(bytes, Files.readAllBytes(file));
    assertArrayEquals(new long[] {1, 2, 3}, ParquetFiles.read(file).longs("x"));
    assertEquals("2", ParquetFiles.read(file).metadata().get("two"));
  }

  private static byte[] reversed(byte[] bytes) throws IOException {
    int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(bytes.length - 8);
    int start = bytes.length - 8 - length;
    FileMetaData all = Util.readFileMetaData(new ByteArrayInputStream(bytes, start, length));
    Collections.reverse(all.getKey_value_metadata());
    for (ColumnChunk chunk : all.getRow_groups().get(0).getColumns()) {
      Collections.reverse(chunk.getMeta_data().getEncodings());
      Collections.reverse(chunk.getMeta_data().getEncoding_stats());
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes, 0, start);
    Util.writeFileMetaData(all, out);
    out.write(bytes, bytes.length - 8, 8);
    return out.toByteArray();
  }
}
