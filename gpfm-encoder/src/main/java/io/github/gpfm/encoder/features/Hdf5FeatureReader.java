package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.Provenance;
import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Node;
import io.jhdf.exceptions.HdfException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code features} and {@code coords} of HDF5 files of this library, CLAM and TRIDENT. */
final class Hdf5FeatureReader implements FeatureReader {
  private final Path file;
  private final HdfFile hdf;
  private final Dataset features;
  private final int rows;
  private final int dimension;

  private Hdf5FeatureReader(Path file, HdfFile hdf, Dataset features, int[] shape) {
    this.file = file;
    this.hdf = hdf;
    this.features = features;
    // TRIDENT and others store [1, n, d] for some models.
    this.rows = shape[shape.length - 2];
    this.dimension = shape[shape.length - 1];
  }

  static FeatureReader open(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new GpfmException("There is no feature file " + file + ": check the path.");
    }
    HdfFile hdf = null;
    try {
      hdf = new HdfFile(file);
      long stated = hdf.getHdfBackingStorage().getSuperblock().getEndOfFileAddress();
      if (Files.size(file) < stated) {
        throw new GpfmException(
            file + " is truncated: it has " + Files.size(file) + " of " + stated + " bytes.");
      }
      Node node = hdf.getChild(Hdf5Features.FEATURES);
      if (!(node instanceof Dataset features)) {
        throw new GpfmException(file + " holds no dataset 'features': is it a feature file?");
      }
      int[] shape = features.getDimensions();
      boolean table = shape.length == 2 || shape.length == 3 && shape[0] == 1;
      if (!table) {
        throw new GpfmException(
            file + ": 'features' has the shape " + Arrays.toString(shape) + ", not [n, d].");
      }
      return new Hdf5FeatureReader(file, hdf, features, shape);
    } catch (HdfException | IOException e) {
      closeQuietly(hdf);
      throw damaged(file, e);
    } catch (GpfmException e) {
      closeQuietly(hdf);
      throw e;
    }
  }

  @Override
  public int rows() {
    return rows;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public long[] coords() {
    Node node = hdf.getChild(Hdf5Features.COORDS);
    if (!(node instanceof Dataset coords)) {
      return new long[0];
    }
    Object flat = coords.getDataFlat();
    if (flat instanceof long[] values) {
      return values;
    }
    if (flat instanceof int[] values) {
      return Arrays.stream(values).asLongStream().toArray();
    }
    throw new GpfmException(file + ": 'coords' does not hold integers.");
  }

  @Override
  public Optional<Provenance> provenance() {
    Attribute attribute = features.getAttribute(Hdf5Features.PROVENANCE);
    return attribute != null && attribute.getData() instanceof String text
        ? ProvenanceJson.read(text)
        : Optional.empty();
  }

  @Override
  public float[] read(int firstRow, int count) {
    java.util.Objects.checkFromIndexSize(firstRow, count, rows);
    if (count == 0) {
      return new float[0];
    }
    boolean batched = features.getDimensions().length == 3;
    long[] offset = batched ? new long[] {0, firstRow, 0} : new long[] {firstRow, 0};
    int[] shape = batched ? new int[] {1, count, dimension} : new int[] {count, dimension};
    try {
      float[] values = new float[count * dimension];
      int end = fill(features.getData(offset, shape), values, 0);
      if (end != values.length) {
        throw new GpfmException(file + ": 'features' does not hold floating-point numbers.");
      }
      return values;
    } catch (HdfException e) {
      throw damaged(file, e);
    }
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

  private static void closeQuietly(@Nullable HdfFile hdf) {
    if (hdf != null) {
      hdf.close();
    }
  }

  private static GpfmException damaged(Path file, Exception e) {
    return new GpfmException(
        file + " is not a readable HDF5 file (" + e.getMessage() + "): make it again.", e);
  }
}
