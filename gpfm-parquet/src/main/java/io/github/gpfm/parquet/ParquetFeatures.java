package io.github.gpfm.parquet;

import io.github.gpfm.api.Embeddings;
import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.encoder.features.FeatureFormat;
import io.github.gpfm.encoder.features.FeatureHeader;
import io.github.gpfm.encoder.features.FeatureReader;
import io.github.gpfm.encoder.features.FeatureWriter;
import io.github.gpfm.support.AtomicFile;
import io.github.gpfm.support.ProvenanceJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;

/**
 * Features as Parquet: columns {@code x}, {@code y} (level-0 pixels) and {@code features} (a list
 * of floats; with patch tokens patches x dimension of them, the number of patches being in the
 * metadata {@code patches} and the shape in {@code shape}). Written row by row and in order; read
 * as a whole.
 */
public final class ParquetFeatures implements FeatureFormat {
  static final String X = "x";
  static final String Y = "y";
  static final String FEATURES = "features";
  private static final String PROVENANCE = "provenance";
  private static final String PATCHES = "patches";
  private static final int PAGE_BYTES = 1 << 20;
  private static final int GROUP_BYTES = 1 << 25;

  /** For {@link java.util.ServiceLoader}. */
  public ParquetFeatures() {}

  @Override
  public String name() {
    return "parquet";
  }

  @Override
  public FeatureWriter create(Path file, FeatureHeader header) {
    Path target = file.toAbsolutePath();
    Path part = AtomicFile.part(target);
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("name", header.name());
    metadata.put("encoder", header.encoder());
    metadata.put(PROVENANCE, ProvenanceJson.write(header.provenance()));
    metadata.put(ParquetFiles.DIMENSION + FEATURES, Integer.toString(header.rowLength()));
    metadata.put("shape", header.shape().toString());
    if (header.patches() > 0) {
      metadata.put(PATCHES, Integer.toString(header.patches()));
    }
    header.coordsAttributes().forEach((name, value) -> metadata.put("coords." + name, text(value)));
    try {
      Files.createDirectories(AtomicFile.folder(target));
      AtomicFile.requireSpace(target, header.bytes());
      // Parquet weighs pages and groups every hundred rows; a row of patch tokens can be megabytes.
      int rowBytes = 4 * header.rowLength();
      return new Writer(
          target,
          part,
          header,
          metadata,
          new Builder(new LocalOutputFile(part), metadata)
              .withConf(new PlainParquetConfiguration())
              .withCodecFactory(new PageCodecs())
              .withWriteMode(ParquetFileWriter.Mode.OVERWRITE)
              .withCompressionCodec(CompressionCodecName.ZSTD)
              .withDictionaryEncoding(FEATURES, false)
              .withPageRowCountLimit(Math.max(1, PAGE_BYTES / rowBytes))
              .withRowGroupRowCountLimit(Math.max(1, GROUP_BYTES / rowBytes))
              .build());
    } catch (IOException e) {
      throw AtomicFile.cannotWrite(target, e);
    }
  }

  private static String text(Object value) {
    if (value instanceof long[] array) {
      return Arrays.toString(array);
    }
    return value instanceof double[] array ? Arrays.toString(array) : String.valueOf(value);
  }

  private static final class Builder extends ParquetWriter.Builder<FeatureRowSupport.Row, Builder> {
    private final Map<String, String> metadata;

    Builder(OutputFile file, Map<String, String> metadata) {
      super(file);
      this.metadata = metadata;
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @Deprecated // Abstract in Parquet still, though its own callers use the other one.
    protected WriteSupport<FeatureRowSupport.Row> getWriteSupport(Configuration configuration) {
      return new FeatureRowSupport(metadata);
    }

    @Override
    protected WriteSupport<FeatureRowSupport.Row> getWriteSupport(
        ParquetConfiguration configuration) {
      return new FeatureRowSupport(metadata);
    }
  }

  private static final class Writer implements FeatureWriter {
    private final Path target;
    private final Path part;
    private final FeatureHeader header;
    private final long[] coords;
    private final Map<String, String> metadata;
    private final ParquetWriter<FeatureRowSupport.Row> writer;
    private int next;
    private boolean open = true;

    Writer(
        Path target,
        Path part,
        FeatureHeader header,
        Map<String, String> metadata,
        ParquetWriter<FeatureRowSupport.Row> writer) {
      this.target = target;
      this.part = part;
      this.header = header;
      this.coords = header.coords();
      this.metadata = metadata;
      this.writer = writer;
    }

    @Override
    public void write(int firstRow, Embeddings rows) {
      if (firstRow != next || firstRow + rows.count() > header.rows()) {
        throw new IllegalArgumentException(
            "Parquet takes rows in order: row %d of %d is next, not rows %d to %d"
                .formatted(next, header.rows(), firstRow, firstRow + rows.count() - 1));
      }
      try {
        for (int i = 0; i < rows.count(); i++, next++) {
          writer.write(
              new FeatureRowSupport.Row(
                  coords[2 * next], coords[2 * next + 1], header.row(firstRow, rows, i)));
        }
      } catch (IOException e) {
        throw AtomicFile.cannotWrite(target, e);
      }
    }

    @Override
    public void provenance(Provenance provenance) {
      metadata.put(PROVENANCE, ProvenanceJson.write(provenance));
    }

    @Override
    public void commit() {
      if (next < header.rows()) {
        throw new IllegalStateException("row " + next + " of " + target + " was not written");
      }
      try {
        open = false;
        writer.close();
        Footers.sort(part);
        AtomicFile.moveIntoPlace(part, target);
      } catch (IOException e) {
        throw AtomicFile.cannotWrite(target, e);
      }
    }

    @Override
    public void close() {
      try {
        if (open) {
          open = false;
          writer.close();
        }
        Files.deleteIfExists(part);
      } catch (IOException e) {
        throw AtomicFile.cannotWrite(target, e);
      }
    }
  }

  @Override
  public FeatureReader open(Path file) {
    ColumnTable table = ParquetFiles.read(file);
    if (!table.names().contains(FEATURES)) {
      throw new GpfmException(file + " holds no column 'features': is it a feature file?");
    }
    int length = table.dimension(FEATURES);
    int patches = patches(file, table, length);
    return new Reader(
        table, patches, length / Math.max(1, patches), length, table.vectors(FEATURES));
  }

  private static int patches(Path file, ColumnTable table, int length) {
    String text = table.metadata().getOrDefault(PATCHES, "0");
    if (text.matches("\\d{1,9}")) {
      int patches = Integer.parseInt(text);
      if (patches == 0 || length % patches == 0) {
        return patches;
      }
    }
    throw new GpfmException(
        "%s: rows of %d values are not '%s' patches: make it again.".formatted(file, length, text));
  }

  private record Reader(ColumnTable table, int patches, int dimension, int length, float[] values)
      implements FeatureReader {
    @Override
    public int rows() {
      return table.rows();
    }

    @Override
    public long[] coords() {
      if (!table.names().contains(X) || !table.names().contains(Y)) {
        return new long[0];
      }
      long[] x = table.longs(X);
      long[] y = table.longs(Y);
      long[] coords = new long[2 * x.length];
      for (int i = 0; i < x.length; i++) {
        coords[2 * i] = x[i];
        coords[2 * i + 1] = y[i];
      }
      return coords;
    }

    @Override
    public Optional<Provenance> provenance() {
      return Optional.ofNullable(table.metadata().get(PROVENANCE)).flatMap(ProvenanceJson::read);
    }

    @Override
    public float[] read(int firstRow, int count) {
      Objects.checkFromIndexSize(firstRow, count, rows());
      return Arrays.copyOfRange(values, firstRow * length, (firstRow + count) * length);
    }

    @Override
    public void close() {
      // The table is in memory; there is nothing to release.
    }
  }
}
