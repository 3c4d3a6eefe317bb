package io.github.gpfm.parquet;

import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.RecordConsumer;
import org.jspecify.annotations.Nullable;

/** What handing rows to Parquet has in common: a schema, a consumer, a message a row. */
abstract class RowWriteSupport<T> extends WriteSupport<T> {
  private @Nullable RecordConsumer consumer;

  /** The schema and the file's metadata. */
  abstract WriteContext context();

  /** Writes the fields of a row in the schema's order. */
  abstract void writeFields(T row, RecordConsumer out);

  @Override
  @Deprecated // Abstract in Parquet still, though its own callers use the other one.
  public WriteContext init(Configuration configuration) {
    return context();
  }

  @Override
  public WriteContext init(ParquetConfiguration configuration) {
    return context();
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    consumer = recordConsumer;
  }

  @Override
  public void write(T row) {
    RecordConsumer out = Objects.requireNonNull(consumer);
    out.startMessage();
    writeFields(row, out);
    out.endMessage();
  }
}
