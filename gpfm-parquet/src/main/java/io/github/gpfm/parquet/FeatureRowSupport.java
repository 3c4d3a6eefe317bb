package io.github.gpfm.parquet;

import java.util.Map;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Hands feature rows to Parquet one by one, so that no table of them is ever in memory. */
final class FeatureRowSupport extends WriteSupport<FeatureRowSupport.Row> {
  /** A row: where its tile lies, and {@code dimension} values from {@code first} on. */
  record Row(long x, long y, float[] values, int first, int dimension) {}

  private final Map<String, String> metadata;
  private @Nullable RecordConsumer consumer;

  FeatureRowSupport(Map<String, String> metadata) {
    this.metadata = metadata;
  }

  @Override
  public String getName() {
    return "gpfm-features";
  }

  @Override
  @Deprecated // Abstract in Parquet still, though its own callers use the other one.
  public WriteContext init(Configuration configuration) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  private WriteContext context() {
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

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(Row row) {
    RecordConsumer out = Objects.requireNonNull(consumer);
    out.startMessage();
    out.startField(ParquetFeatures.X, 0);
    out.addLong(row.x());
    out.endField(ParquetFeatures.X, 0);
    out.startField(ParquetFeatures.Y, 1);
    out.addLong(row.y());
    out.endField(ParquetFeatures.Y, 1);
    out.startField(ParquetFeatures.FEATURES, 2);
    for (int i = 0; i < row.dimension(); i++) {
      out.addFloat(row.values()[row.first() + i]);
    }
    out.endField(ParquetFeatures.FEATURES, 2);
    out.endMessage();
  }
}
