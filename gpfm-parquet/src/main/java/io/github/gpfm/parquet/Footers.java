package io.github.gpfm.parquet;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Comparator;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Puts the lists of a file's footer in order. Parquet writes encodings as a hash table of constants
 * has them, which differs from one JVM to another, and equal tables are to be equal files.
 */
final class Footers {
  /** The footer's length and "PAR1". */
  private static final int TAIL = 8;

  private Footers() {}

  /** Sorts the footer of a file that was just written. */
  static void sort(Path file) throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      byte[] tail = new byte[TAIL];
      access.seek(access.length() - TAIL);
      access.readFully(tail);
      ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
      byte[] footer = new byte[end.getInt(0)];
      long start = access.length() - TAIL - footer.length;
      access.seek(start);
      access.readFully(footer);
      ByteArrayOutputStream sorted = new ByteArrayOutputStream(footer.length);
      Util.writeFileMetaData(sorted(footer), sorted);
      access.seek(start);
      access.write(sorted.toByteArray());
      access.write(end.putInt(0, sorted.size()).array());
      access.setLength(start + sorted.size() + TAIL);
    }
  }

  private static FileMetaData sorted(byte[] footer) throws IOException {
    FileMetaData all = Util.readFileMetaData(new ByteArrayInputStream(footer));
    if (all.isSetKey_value_metadata()) {
      all.getKey_value_metadata().sort(Comparator.comparing(KeyValue::getKey));
    }
    for (RowGroup group : all.getRow_groups()) {
      for (ColumnChunk chunk : group.getColumns()) {
        ColumnMetaData column = chunk.getMeta_data();
        column.getEncodings().sort(null);
        if (column.isSetEncoding_stats()) {
          column.getEncoding_stats().sort(null);
        }
      }
    }
    return all;
  }
}
