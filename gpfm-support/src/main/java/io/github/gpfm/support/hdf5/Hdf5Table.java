package io.github.gpfm.support.hdf5;

import io.github.gpfm.support.Budget;
import io.github.gpfm.support.Printable;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A dataset of an {@link Hdf5Input}, whose sizes are held against the file's length. */
public final class Hdf5Table {
  private static final String KIND = "an HDF5 file";

  /** Deflate makes at most 1:1032; the fill value may stand for chunks that are not stored. */
  private static final long DENSEST = 1100;

  /** What an attribute may hold beside its bytes in the file: references to longer strings. */
  private static final long MAX_ATTRIBUTE_VALUES = 1 << 16;

  private final Dataset dataset;
  private final Budget budget;
  private final long length;

  Hdf5Table(Dataset dataset, Budget budget, long length) {
    this.dataset = dataset;
    this.budget = budget;
    this.length = length;
  }

  /** Lengths of the dimensions; plausible for the file's length. */
  public int[] shape() {
    return budget.open(
        KIND,
        () -> {
          requirePlausible(dataset.getDimensionsAsLong());
          return dataset.getDimensions();
        });
  }

  /** All values, as nested arrays. */
  public Object read() {
    shape();
    return budget.open(KIND, dataset::getData);
  }

  /** All values, as one array. */
  public Object readFlat() {
    shape();
    return budget.open(KIND, dataset::getDataFlat);
  }

  /** A part of the values, as nested arrays. */
  public Object read(long[] offset, int[] part) {
    return budget.open(KIND, () -> dataset.getData(offset, part));
  }

  /** The value of an attribute, if it is there. */
  public Optional<Object> attribute(String name) {
    return budget.open(
        KIND,
        () -> {
          Attribute attribute = dataset.getAttribute(name);
          return attribute == null ? Optional.empty() : Optional.ofNullable(value(attribute));
        });
  }

  /** The values of all attributes that have one, by name. */
  public SortedMap<String, Object> attributes() {
    return budget.open(
        KIND,
        () -> {
          SortedMap<String, Object> values = new TreeMap<>();
          for (Map.Entry<String, Attribute> entry : dataset.getAttributes().entrySet()) {
            budget.objects(1);
            budget.name(entry.getKey().length(), "an attribute's name");
            Object value = value(entry.getValue());
            if (value != null) {
              values.put(Printable.of(entry.getKey()), value);
            }
          }
          return values;
        });
  }

  @SuppressWarnings("NullAway") // The library has no annotations; an attribute may be empty.
  private Object value(Attribute attribute) {
    long values = 1;
    for (long dimension : attribute.getDimensionsAsLong()) {
      values = Math.multiplyExact(values, dimension);
    }
    if (values < 0
        || values > MAX_ATTRIBUTE_VALUES
        || values * Math.max(1L, attribute.getDataType().getSize()) > length) {
      throw budget.damaged(
          "attribute '" + Printable.of(attribute.getName()) + "' is too large", null);
    }
    budget.objects(values);
    return attribute.getData();
  }

  private void requirePlausible(long[] dimensions) {
    long most = Math.multiplyExact(length, DENSEST);
    if (dataset instanceof ChunkedDataset chunked) {
      long chunk = Math.max(1, dataset.getDataType().getSize());
      for (int dimension : chunked.getChunkDimensions()) {
        chunk = Math.multiplyExact(chunk, (long) dimension);
      }
      require(chunk > 0 && chunk <= most, chunked.getChunkDimensions().length);
      require(chunked.getChunkDimensions().length == dimensions.length, dimensions.length);
    } else {
      most = length;
    }
    long bytes = Math.max(1, dataset.getDataType().getSize());
    for (long dimension : dimensions) {
      bytes = Math.multiplyExact(bytes, dimension);
    }
    require(bytes >= 0 && bytes <= most, dimensions.length);
  }

  private void require(boolean plausible, int dimensions) {
    if (!plausible) {
      throw budget.damaged(
          "dataset '%s' of %d dimensions claims more data than the file can hold"
              .formatted(Printable.of(dataset.getName()), dimensions),
          null);
    }
  }
}
