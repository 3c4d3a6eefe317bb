package io.github.gpfm.parquet;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.support.Budget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;

/** Takes rows as Parquet hands them over, value by value, into arrays of known length. */
final class RowReader extends RecordMaterializer<Integer> {
  private static final int CHARACTER_BYTES = 2;

  private final Path file;
  private final Budget budget;
  private final int rows;
  private final List<Column> columns = new ArrayList<>();
  private int row;

  /**
   * @param metadata of the file: the dimensions of vectors
   * @throws GpfmException if there is a column of another kind, or there is no room for one
   */
  RowReader(Path file, GroupType schema, int rows, Map<String, String> metadata, Budget budget) {
    this.file = file;
    this.budget = budget;
    this.rows = rows;
    for (Type field : schema.getFields()) {
      budget.name(field.getName().length(), "a column's name");
      columns.add(column(field, metadata));
    }
  }

  /** Values of a column in a row. */
  int valuesInRow(int column) {
    return columns.get(column).perRow;
  }

  /** Adds the columns, in the file's order. */
  void addTo(ColumnTable.Builder table) {
    columns.forEach(column -> column.addTo(table));
  }

  @Override
  public Integer getCurrentRecord() {
    return row;
  }

  @Override
  public GroupConverter getRootConverter() {
    return new GroupConverter() {
      @Override
      public Converter getConverter(int field) {
        return columns.get(field);
      }

      @Override
      public void start() {
        if (row == rows) {
          throw budget.damaged("it has more rows than it says", null);
        }
        columns.forEach(column -> column.taken = 0);
      }

      @Override
      public void end() {
        columns.forEach(Column::requireWhole);
        row++;
      }
    };
  }

  private abstract class Column extends PrimitiveConverter {
    final String name;
    final int perRow;
    private int taken;

    Column(String name, int perRow) {
      this.name = name;
      this.perRow = perRow;
    }

    abstract void addTo(ColumnTable.Builder table);

    /** The place of the next value. */
    int next() {
      if (taken == perRow) {
        throw notOfDimension();
      }
      return row * perRow + taken++;
    }

    void requireWhole() {
      if (taken != perRow) {
        throw notOfDimension();
      }
    }

    private GpfmException notOfDimension() {
      return new GpfmException(
          "%s: row %d of column %s is not of dimension %d.".formatted(file, row, name, perRow));
    }
  }

  private final class Longs extends Column {
    private final long[] values = new long[rows];

    Longs(String name) {
      super(name, 1);
    }

    @Override
    public void addLong(long value) {
      values[next()] = value;
    }

    @Override
    void addTo(ColumnTable.Builder table) {
      table.longs(name, values);
    }
  }

  private final class Doubles extends Column {
    private final double[] values = new double[rows];

    Doubles(String name) {
      super(name, 1);
    }

    @Override
    public void addDouble(double value) {
      values[next()] = value;
    }

    @Override
    void addTo(ColumnTable.Builder table) {
      table.doubles(name, values);
    }
  }

  private final class Strings extends Column {
    private final List<String> values = new ArrayList<>();

    Strings(String name) {
      super(name, 1);
    }

    @Override
    public void addBinary(Binary value) {
      next();
      // A dictionary repeats a long text in few bytes.
      budget.bytes((long) CHARACTER_BYTES * value.length(), "its text");
      values.add(value.toStringUsingUTF8());
    }

    @Override
    void addTo(ColumnTable.Builder table) {
      table.strings(name, values);
    }
  }

  private final class Vectors extends Column {
    private final float[] values;

    Vectors(String name, int dimension) {
      super(name, dimension);
      values = new float[rows * dimension];
      Arrays.fill(values, Float.NaN);
    }

    @Override
    public void addFloat(float value) {
      values[next()] = value;
    }

    @Override
    void addTo(ColumnTable.Builder table) {
      table.vectors(name, perRow, values);
    }
  }

  private Column column(Type field, Map<String, String> metadata) {
    String name = field.getName();
    if (field.isPrimitive()) {
      PrimitiveTypeName type = field.asPrimitiveType().getPrimitiveTypeName();
      if (field.isRepetition(Type.Repetition.REQUIRED)) {
        if (type == PrimitiveTypeName.INT64) {
          return new Longs(name);
        }
        if (type == PrimitiveTypeName.DOUBLE) {
          return new Doubles(name);
        }
        if (type == PrimitiveTypeName.BINARY) {
          return new Strings(name);
        }
      }
      String dimension = metadata.get(ParquetFiles.DIMENSION + name);
      if (field.isRepetition(Type.Repetition.REPEATED)
          && type == PrimitiveTypeName.FLOAT
          && dimension != null) {
        return new Vectors(name, plausible(name, Integer.parseInt(dimension)));
      }
    }
    throw new GpfmException(
        file + ": column " + name + " is of a type that this library does not write.");
  }

  private int plausible(String name, int dimension) {
    if (dimension < 1) {
      throw new GpfmException(
          "%s is damaged: column %s has dimension %d.".formatted(file, name, dimension));
    }
    long values = (long) rows * dimension;
    if (values * Float.BYTES > Runtime.getRuntime().maxMemory() / 2) {
      throw new GpfmException(
          "%s: the %d x %d values of column %s need more than half of the memory; give more with java -Xmx."
              .formatted(file, rows, dimension, name));
    }
    if (values > Integer.MAX_VALUE - 8) {
      throw new GpfmException(
          "%s: the %d x %d values of column %s are more than an array takes: write so many as .h5, .npy or .safetensors."
              .formatted(file, rows, dimension, name));
    }
    return dimension;
  }
}
