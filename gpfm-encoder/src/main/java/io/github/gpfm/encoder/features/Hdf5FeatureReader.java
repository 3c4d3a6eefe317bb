package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.github.gpfm.support.Budget;
import io.github.gpfm.support.ProvenanceJson;
import io.github.gpfm.support.hdf5.Hdf5Input;
import io.github.gpfm.support.hdf5.Hdf5Table;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code features} and {@code coords} of HDF5 files of this library, CLAM and TRIDENT, and
 * {@code feats} of STAMP's, whose coordinates are left out.
 */
final class Hdf5FeatureReader implements FeatureReader {
  /** What STAMP calls its features; its coordinates are µm. */
  private static final String STAMP_FEATURES = "feats";

  private final Path file;
  private final Hdf5Input hdf;
  private final Hdf5Table features;
  private final int dimensions;
  private final int rows;
  private final int patches;
  private final int dimension;

  private Hdf5FeatureReader(Path file, Hdf5Input hdf, Hdf5Table features, int[] shape) {
    this.file = file;
    this.hdf = hdf;
    this.features = features;
    this.dimensions = shape.length;
    this.patches = patches(features, shape);
    this.rows = patches > 0 ? shape[0] : shape[shape.length - 2];
    this.dimension = shape[shape.length - 1];
  }

  /** TRIDENT and others store [1, n, d] for some models: only our attribute tells it from n = 1. */
  private static int patches(Hdf5Table features, int[] shape) {
    boolean batched = shape.length == 3 && shape[0] == 1;
    return shape.length == 2 || batched && features.attribute(Hdf5Features.PATCHES).isEmpty()
        ? 0
        : shape[1];
  }

  static FeatureReader open(Path file) {
    RawRows.requireFile(file);
    Hdf5Input hdf = Hdf5Input.open(file, Budget.of(file, GpfmException::new));
    try {
      Hdf5Table features =
          hdf.table(Hdf5Features.FEATURES)
              .or(() -> hdf.table(STAMP_FEATURES))
              .orElseThrow(
                  () ->
                      new GpfmException(
                          file + " holds no dataset 'features' or 'feats': is it a feature file?"));
      int[] shape = features.shape();
      if (shape.length != 2 && shape.length != 3) {
        throw new GpfmException(
            file
                + ": 'features' has the shape "
                + Arrays.toString(shape)
                + ", neither [n, d] nor [n, patches, d].");
      }
      return new Hdf5FeatureReader(file, hdf, features, shape);
    } catch (RuntimeException | Error e) {
      hdf.close();
      throw e;
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int patches() {
    return patches;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long[] coords() {
    Optional<Hdf5Table> coords = hdf.table(Hdf5Features.COORDS);
    // STAMP's are µm, which are no pixels of a level unless the slide's resolution is known.
    if (coords.isEmpty() || hdf.table(Hdf5Features.FEATURES).isEmpty()) {
      return new long[0];
    }
    Object flat = coords.get().readFlat();
    if (flat instanceof long[] values) {
      return values;
    }
    if (flat instanceof int[] values) {
      return Arrays.stream(values).asLongStream().toArray();
    }
    throw new GpfmException(file + ": 'coords' does not hold integers.");
  }

  /** Of this library, TRIDENT ({@code patch_size_level0}) or CLAM (size and downsample). */
  @Override
  public OptionalDouble tileSize() {
    Optional<Hdf5Table> table = hdf.table(Hdf5Features.COORDS);
    if (table.isEmpty()) {
      return OptionalDouble.empty();
    }
    Hdf5Table coords = table.get();
    for (String name : List.of("gpfm_level0_size", "patch_size_level0")) {
      OptionalDouble edge = number(coords, name);
      if (edge.isPresent()) {
        return edge;
      }
    }
    OptionalDouble size = number(coords, "patch_size");
    OptionalDouble downsample = number(coords, "downsample");
    if (size.isEmpty() || downsample.isEmpty()) {
      return OptionalDouble.empty();
    }
    double custom = number(coords, "custom_downsample").orElse(1);
    return OptionalDouble.of(size.getAsDouble() * downsample.getAsDouble() * custom);
  }

  private static OptionalDouble number(Hdf5Table dataset, String name) {
    Object value = dataset.attribute(name).orElse("");
    double number =
        value instanceof Number n
            ? n.doubleValue()
            : value instanceof double[] d && d.length > 0
                ? d[0]
                : value instanceof long[] l && l.length > 0
                    ? l[0]
                    : value instanceof int[] i && i.length > 0 ? i[0] : Double.NaN;
    return number > 0 ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  @Override
  public SortedMap<String, Object> coordsAttributes() {
    SortedMap<String, Object> attributes = new TreeMap<>();
    hdf.table(Hdf5Features.COORDS)
        .map(Hdf5Table::attributes)
        .ifPresent(
            stored ->
                stored.forEach(
                    (name, value) -> {
                      if (value instanceof Integer || value instanceof Long) {
                        attributes.put(name, ((Number) value).longValue());
                      } else if (value instanceof Number number) {
                        attributes.put(name, number.doubleValue());
                      } else if (value instanceof String) {
                        attributes.put(name, value);
                      }
                    }));
    return attributes;
  }

  @Override
  public Optional<Provenance> provenance() {
    return features.attribute(Hdf5Features.PROVENANCE).orElse(0) instanceof String text
        ? ProvenanceJson.read(text)
        : Optional.empty();
  }

  @Override
  public float[] read(int firstRow, int count) {
    java.util.Objects.checkFromIndexSize(firstRow, count, rows);
    if (count == 0) {
      return new float[0];
    }
    long[] offset = {firstRow, 0};
    int[] shape = {count, dimension};
    if (patches > 0) {
      offset = new long[] {firstRow, 0, 0};
      shape = new int[] {count, patches, dimension};
    } else if (dimensions == 3) {
      offset = new long[] {0, firstRow, 0};
      shape = new int[] {1, count, dimension};
    }
    int length = Math.multiplyExact(Math.max(1, patches), dimension);
    float[] values = new float[Math.multiplyExact(count, length)];
    if (values.length > 0 && fill(features.read(offset, shape), values, 0) != values.length) {
      throw new GpfmException(file + ": 'features' does not hold floating-point numbers.");
    }
    return values;
  }

  /** Copies nested arrays of floats or doubles; returns the end. */
  private static int fill(@Nullable Object data, float[] values, int at) {
    int end = at;
    if (data instanceof float[] row) {
      System.arraycopy(row, 0, values, at, row.length);
      end += row.length;
    } else if (data instanceof double[] row) {
      for (double value : row) {
        values[end++] = (float) value;
      }
    } else if (data instanceof Object[] rows) {
      for (Object row : rows) {
        end = fill(row, values, end);
      }
    }
    return end;
  }

  @Override
  public void close() {
    hdf.close();
  }
}
