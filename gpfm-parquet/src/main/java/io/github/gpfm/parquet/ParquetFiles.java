package io.github.gpfm.parquet;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.MessageColumnIO;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.ParquetDecodingException;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;

/**
 * Writes and reads {@link ColumnTable}s as Parquet, compressed with Zstandard. Integers are {@code
 * INT64}, numbers {@code DOUBLE}, text {@code STRING}, vectors a repeated {@code FLOAT}, which
 * pandas and Arrow read as lists.
 */
public final class ParquetFiles {
  static final String DIMENSION = "gpfm.dimension.";

  private ParquetFiles() {}

  /**
   * Writes a table.
   *
   * @throws OutputException if it cannot be written; nothing half-written is left
   */
  public static void write(Path file, ColumnTable table) {
    AtomicFile.write(
        file,
        part -> {
          try (ParquetWriter<Integer> writer =
              new Builder(new LocalOutputFile(part), table)
                  .withConf(new PlainParquetConfiguration())
                  .withCodecFactory(new PageCodecs())
                  .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
                  .withCompressionCodec(CompressionCodecName.ZSTD)
                  .build()) {
            for (int row = 0; row < table.rows(); row++) {
              writer.write(row);
            }
          }
          Footers.sort(part);
        });
  }

  private static final class Builder extends ParquetWriter.Builder<Integer, Builder> {
    private final ColumnTable table;

    Builder(OutputFile file, ColumnTable table) {
      super(file);
      this.table = table;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @Deprecated // Abstract in Parquet still, though its own callers use the other one.
    protected WriteSupport<Integer> getWriteSupport(Configuration configuration) {
      return new TableWriteSupport(table, DIMENSION);
    }

    @Override
    protected WriteSupport<Integer> getWriteSupport(ParquetConfiguration configuration) {
      return new TableWriteSupport(table, DIMENSION);
    }
  }

  /**
   * Reads a table.
   *
   * @throws GpfmException if the file is missing, damaged or has columns of other types
   */
  public static ColumnTable read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new GpfmException("There is no Parquet file " + file + ".");
    }
    Budget budget = Budget.of(file, GpfmException::new);
    return budget.open("a Parquet table", () -> read(file, budget));
  }

  private static ColumnTable read(Path file, Budget budget) throws IOException {
    try (ParquetFileReader reader =
        ParquetFileReader.open(
            new LocalInputFile(file),
            ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new PageCodecs())
                // A damaged page may ask for any memory; its checksum tells before it is decoded.
                .usePageChecksumVerification(true)
                .build())) {
      MessageType schema = reader.getFileMetaData().getSchema();
      Map<String, String> metadata = reader.getFileMetaData().getKeyValueMetaData();
      budget.objects(reader.getRecordCount());
      RowReader rows =
          new RowReader(file, schema, Math.toIntExact(reader.getRecordCount()), metadata, budget);
      requirePlausible(reader, rows, Files.size(file), budget);
      MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        RecordReader<Integer> records = columns.getRecordReader(new CheckedPages(pages), rows);
        for (long i = 0; i < pages.getRowCount(); i++) {
          next(records);
        }
      }
      ColumnTable.Builder table = ColumnTable.builder();
      rows.addTo(table);
      metadata.forEach(
          (name, value) -> {
            if (!name.startsWith(DIMENSION) && !name.startsWith("writer.")) {
              table.metadata(name, value);
            }
          });
      return table.build();
    }
  }

  private static void next(RecordReader<Integer> records) {
    try {
      records.read();
    } catch (ParquetDecodingException e) {
      throw e.getCause() instanceof GpfmException own ? own : e;
    }
  }

  /** The footer says how much there is; the library takes memory as it says. */
  private static void requirePlausible(
      ParquetFileReader reader, RowReader columns, long length, Budget budget) {
    long rows = 0;
    for (BlockMetaData block : reader.getRowGroups()) {
      budget.objects(1);
      rows = Math.addExact(rows, block.getRowCount());
      for (int i = 0; i < block.getColumns().size(); i++) {
        ColumnChunkMetaData column = block.getColumns().get(i);
        budget.objects(1);
        long start = column.getStartingPos();
        long size = column.getTotalSize();
        if (start < 0 || size < 0 || size > length || start > length - size) {
          throw budget.damaged("a column lies outside of it", null);
        }
        if (column.getValueCount()
            != Math.multiplyExact(block.getRowCount(), (long) columns.valuesInRow(i))) {
          throw budget.damaged("a column has more or fewer values than its rows", null);
        }
      }
    }
    if (rows != reader.getRecordCount()) {
      throw budget.damaged("its parts do not add up to its rows", null);
    }
  }
}
