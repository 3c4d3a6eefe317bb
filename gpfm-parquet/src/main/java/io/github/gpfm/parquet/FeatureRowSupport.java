package io.github.gpfm.parquet;

import java.util.Map;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** Hands feature rows to Parquet one by one, so that no table of them is ever in memory. */
final class FeatureRowSupport extends RowWriteSupport<FeatureRowSupport.Row> {
  /** A row: where its tile lies, and its values. */
  record Row(long x, long y, float[] values) {}

  private final Map<String, String> metadata;

  FeatureRowSupport(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  @Override
  public String getName() {
    return "gpfm-features";
  }

  @Override
  WriteContext context() {
    return new WriteContext(
        Types.buildMessage()
            .required(PrimitiveTypeName.INT64)
            .named(ParquetFeatures.X)
            .required(PrimitiveTypeName.INT64)
            .named(ParquetFeatures.Y)
            .repeated(PrimitiveTypeName.FLOAT)
            .named(ParquetFeatures.FEATURES)
            .named("gpfm"),
        metadata);
  }

  /** The metadata as it is by now. */
  @Override
  public FinalizedWriteContext finalizeWrite() {
    return new FinalizedWriteContext(metadata);
  }

  @Override
  void writeFields(Row row, RecordConsumer out) {
    out.startField(ParquetFeatures.X, 0);
    out.addLong(row.x());
    out.endField(ParquetFeatures.X, 0);
    out.startField(ParquetFeatures.Y, 1);
    out.addLong(row.y());
    out.endField(ParquetFeatures.Y, 1);
    out.startField(ParquetFeatures.FEATURES, 2);
    for (float value : row.values()) {
      out.addFloat(value);
    }
    out.endField(ParquetFeatures.FEATURES, 2);
  }
}
