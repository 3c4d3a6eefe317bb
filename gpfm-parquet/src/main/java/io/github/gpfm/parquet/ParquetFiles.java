package io.github.gpfm.parquet;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.OutputException;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
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
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

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
      requirePlausible(reader, Files.size(file), budget);
      Map<String, Collector> collectors = new LinkedHashMap<>();
      for (Type field : schema.getFields()) {
        budget.name(field.getName().length(), "a column's name");
        collectors.put(field.getName(), collector(file, field, reader.getRecordCount(), metadata));
      }
      MessageColumnIO columns = new ColumnIOFactory().getColumnIO(schema);
      int row = 0;
      for (PageReadStore pages = reader.readNextRowGroup();
          pages != null;
          pages = reader.readNextRowGroup()) {
        RecordReader<Group> records =
            columns.getRecordReader(pages, new GroupRecordConverter(schema));
        for (long i = 0; i < pages.getRowCount(); i++, row++) {
          Group group = records.read();
          for (Collector collector : collectors.values()) {
            collector.take(group, row);
          }
        }
      }
      ColumnTable.Builder table = ColumnTable.builder();
      collectors.values().forEach(collector -> collector.addTo(table));
      metadata.forEach(
          (name, value) -> {
            if (!name.startsWith(DIMENSION) && !name.startsWith("writer.")) {
              table.metadata(name, value);
            }
          });
      return table.build();
    }
  }

  /** The footer says how much there is; the library takes memory as it says. */
  private static void requirePlausible(ParquetFileReader reader, long length, Budget budget) {
    budget.objects(reader.getRecordCount());
    long rows = 0;
    for (BlockMetaData block : reader.getRowGroups()) {
      budget.objects(1);
      rows = Math.addExact(rows, block.getRowCount());
      for (ColumnChunkMetaData column : block.getColumns()) {
        budget.objects(1);
        long start = column.getStartingPos();
        long size = column.getTotalSize();
        if (start < 0 || size < 0 || size > length || start > length - size) {
          throw budget.damaged("a column lies outside of it", null);
        }
      }
    }
    if (rows != reader.getRecordCount()) {
      throw budget.damaged("its parts do not add up to its rows", null);
    }
  }

  /** Gathers one column row by row. */
  private interface Collector {
    void take(Group group, int row);

    void addTo(ColumnTable.Builder table);
  }

  private static Collector collector(
      Path file, Type field, long rowCount, Map<String, String> metadata) {
    int rows = Math.toIntExact(rowCount);
    String name = field.getName();
    if (field.isPrimitive() && field.isRepetition(Type.Repetition.REQUIRED)) {
      PrimitiveTypeName type = field.asPrimitiveType().getPrimitiveTypeName();
      if (type == PrimitiveTypeName.INT64) {
        long[] values = new long[rows];
        return of(
            (group, row) -> values[row] = group.getLong(name, 0),
            table -> table.longs(name, values));
      }
      if (type == PrimitiveTypeName.DOUBLE) {
        double[] values = new double[rows];
        return of(
            (group, row) -> values[row] = group.getDouble(name, 0),
            table -> table.doubles(name, values));
      }
      if (type == PrimitiveTypeName.BINARY) {
        List<String> values = new ArrayList<>();
        return of(
            (group, row) -> values.add(group.getString(name, 0)),
            table -> table.strings(name, values));
      }
    }
    String dimensionText = metadata.get(DIMENSION + name);
    if (field.isPrimitive()
        && field.isRepetition(Type.Repetition.REPEATED)
        && field.asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.FLOAT
        && dimensionText != null) {
      int dimension = Integer.parseInt(dimensionText);
      if (dimension < 1 || rows < 0) {
        throw new GpfmException(
            "%s is damaged: column %s has dimension %d.".formatted(file, name, dimension));
      }
      if ((long) rows * dimension * Float.BYTES > Runtime.getRuntime().maxMemory() / 2) {
        throw new GpfmException(
            "%s: the %d x %d values of column %s need more than half of the memory; give more with java -Xmx."
                .formatted(file, rows, dimension, name));
      }
      if ((long) rows * dimension > Integer.MAX_VALUE - 8) {
        throw new GpfmException(
            "%s: the %d x %d values of column %s are more than an array takes: write so many as .h5, .npy or .safetensors."
                .formatted(file, rows, dimension, name));
      }
      float[] values = new float[rows * dimension];
      Arrays.fill(values, Float.NaN);
      return of(
          (group, row) -> {
            if (group.getFieldRepetitionCount(name) != dimension) {
              throw new GpfmException(
                  file
                      + ": row "
                      + row
                      + " of column "
                      + name
                      + " is not of dimension "
                      + dimension
                      + ".");
            }
            for (int i = 0; i < dimension; i++) {
              values[row * dimension + i] = group.getFloat(name, i);
            }
          },
          table -> table.vectors(name, dimension, values));
    }
    throw new GpfmException(
        file + ": column " + name + " is of a type that this library does not write.");
  }

  private static Collector of(ObjIntConsumer<Group> take, Consumer<ColumnTable.Builder> addTo) {
    return new Collector() {
      @Override
      public void take(Group group, int row) {
        take.accept(group, row);
      }

      @Override
      public void addTo(ColumnTable.Builder table) {
        addTo.accept(table);
      }
    };
  }
}
