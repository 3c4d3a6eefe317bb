package io.github.gpfm.parquet;

import java.util.Map;
import java.util.TreeMap;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Hands the rows of a table to Parquet; a record is the number of a row. */
final class TableWriteSupport extends RowWriteSupport<Integer> {
  private final ColumnTable table;
  private final String dimensionPrefix;

  TableWriteSupport(ColumnTable table, String dimensionPrefix) {
    this.table = table;
    this.dimensionPrefix = dimensionPrefix;
  }

  @Override
  public String getName() {
    return "gpfm";
  }

  @Override
  WriteContext context() {
    // In a fixed order: Parquet keeps it where keys share a place in its hash table.
    Map<String, String> metadata = new TreeMap<>(table.metadata());
    Types.MessageTypeBuilder schema = Types.buildMessage();
    table
        .columns()
        .forEach(
            (name, column) -> {
              if (column instanceof ColumnTable.Column.Longs) {
                schema.required(PrimitiveTypeName.INT64).named(name);
              } else if (column instanceof ColumnTable.Column.Doubles) {
                schema.required(PrimitiveTypeName.DOUBLE).named(name);
              } else if (column instanceof ColumnTable.Column.Strings) {
                schema
                    .required(PrimitiveTypeName.BINARY)
                    .as(LogicalTypeAnnotation.stringType())
                    .named(name);
              } else if (column instanceof ColumnTable.Column.Vectors vectors) {
                schema.repeated(PrimitiveTypeName.FLOAT).named(name);
                metadata.put(dimensionPrefix + name, Integer.toString(vectors.dimension()));
              }
            });
    MessageType type = schema.named("gpfm");
    return new WriteContext(type, metadata);
  }

  @Override
  void writeFields(Integer row, RecordConsumer out) {
    int field = 0;
    for (Map.Entry<String, ColumnTable.Column> entry : table.columns().entrySet()) {
      out.startField(entry.getKey(), field);
      ColumnTable.Column column = entry.getValue();
      if (column instanceof ColumnTable.Column.Longs longs) {
        out.addLong(longs.values()[row]);
      } else if (column instanceof ColumnTable.Column.Doubles doubles) {
        out.addDouble(doubles.values()[row]);
      } else if (column instanceof ColumnTable.Column.Strings strings) {
        out.addBinary(Binary.fromString(strings.values().get(row)));
      } else if (column instanceof ColumnTable.Column.Vectors vectors) {
        int first = row * vectors.dimension();
        for (int i = 0; i < vectors.dimension(); i++) {
          out.addFloat(vectors.values()[first + i]);
        }
      }
      out.endField(entry.getKey(), field++);
    }
  }
}
