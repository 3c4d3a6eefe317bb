package io.github.gpfm.parquet;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A table of named columns of equal length with facts about it. Immutable; arrays are copied on the
 * way in and out.
 */
public final class ColumnTable {
  /** One column. */
  sealed interface Column {
    int size();

    /** 64-bit integers. */
    record Longs(long[] values) implements Column {
      @Override
      public int size() {
        return values.length;
      }
    }

    /** Numbers. */
    record Doubles(double[] values) implements Column {
      @Override
      public int size() {
        return values.length;
      }
    }

    /** Text. */
    record Strings(List<String> values) implements Column {
      @Override
      public int size() {
        return values.size();
      }
    }

    /** Vectors of one dimension, row-major. */
    record Vectors(int dimension, float[] values) implements Column {
      @Override
      public int size() {
        return values.length / dimension;
      }
    }
  }

  /** Builds a table column by column. */
  public static final class Builder {
    private final Map<String, Column> columns = new LinkedHashMap<>();
    private final Map<String, String> metadata = new TreeMap<>();

    private Builder() {}

    /** Adds a column of integers. */
    public Builder longs(String name, long... values) {
      return add(name, new Column.Longs(values.clone()));
    }

    /** Adds a column of numbers; NaN and infinities are kept. */
    public Builder doubles(String name, double... values) {
      return add(name, new Column.Doubles(values.clone()));
    }

    /** Adds a column of text. */
    public Builder strings(String name, List<String> values) {
      return add(name, new Column.Strings(List.copyOf(values)));
    }

    /**
     * Adds a column of vectors.
     *
     * @param dimension length of each, at least 1
     * @param values row-major
     */
    public Builder vectors(String name, int dimension, float... values) {
      if (dimension < 1 || values.length % dimension != 0) {
        throw new IllegalArgumentException(
            values.length + " values are no vectors of dimension " + dimension);
      }
      return add(name, new Column.Vectors(dimension, values.clone()));
    }

    /** Adds a fact about the table. */
    public Builder metadata(String name, String value) {
      metadata.put(name, value);
      return this;
    }

    private Builder add(String name, Column column) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        throw new IllegalArgumentException(
            "a column's name must be letters, digits and underscores, not '" + name + "'");
      }
      if (columns.put(name, column) != null) {
        throw new IllegalArgumentException("there are two columns " + name);
      }
      return this;
    }

    /**
     * @throws IllegalArgumentException if the columns' lengths differ
     */
    public ColumnTable build() {
      return new ColumnTable(columns, metadata);
    }
  }

  private final Map<String, Column> columns;
  private final Map<String, String> metadata;
  private final int rows;

  private ColumnTable(Map<String, Column> columns, Map<String, String> metadata) {
    this.columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    this.metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    List<Integer> sizes = new ArrayList<>(columns.values().stream().map(Column::size).toList());
    rows = sizes.isEmpty() ? 0 : sizes.get(0);
    if (sizes.stream().anyMatch(size -> size != rows)) {
      throw new IllegalArgumentException("columns of different lengths: " + sizes);
    }
  }

  /** An empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Number of rows. */
  public int rows() {
    return rows;
  }

  /** Names of the columns in order. */
  public Set<String> names() {
    return columns.keySet();
  }

  /** Facts about the table, sorted by name. */
  public Map<String, String> metadata() {
    return metadata;
  }

  /**
   * A column of integers.
   *
   * @throws IllegalArgumentException if there is none of that name and type
   */
  public long[] longs(String name) {
    if (columns.get(name) instanceof Column.Longs column) {
      return column.values().clone();
    }
    throw none(name, "integers");
  }

  /**
   * A column of numbers.
   *
   * @throws IllegalArgumentException if there is none of that name and type
   */
  public double[] doubles(String name) {
    if (columns.get(name) instanceof Column.Doubles column) {
      return column.values().clone();
    }
    throw none(name, "numbers");
  }

  /**
   * A column of text.
   *
   * @throws IllegalArgumentException if there is none of that name and type
   */
  public List<String> strings(String name) {
    if (columns.get(name) instanceof Column.Strings column) {
      return column.values();
    }
    throw none(name, "text");
  }

  /**
   * A column of vectors, row-major.
   *
   * @throws IllegalArgumentException if there is none of that name and type
   */
  public float[] vectors(String name) {
    if (columns.get(name) instanceof Column.Vectors column) {
      return column.values().clone();
    }
    throw none(name, "vectors");
  }

  /**
   * Length of the vectors of a column.
   *
   * @throws IllegalArgumentException if there is none of that name and type
   */
  public int dimension(String name) {
    if (columns.get(name) instanceof Column.Vectors column) {
      return column.dimension();
    }
    throw none(name, "vectors");
  }

  /** Whether there is a column of numbers of that name. */
  public boolean hasDoubles(String name) {
    return columns.get(name) instanceof Column.Doubles;
  }

  Map<String, Column> columns() {
    return columns;
  }

  private IllegalArgumentException none(String name, String type) {
    return new IllegalArgumentException("no column " + name + " of " + type + " among " + names());
  }
}
