package io.github.gpfm.encoder.features;

import io.github.gpfm.api.GpfmException;
import io.github.gpfm.api.InvalidOptionException;
import io.github.gpfm.api.Provenance;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** A feature file, read row by row. Used by one thread at a time. */
public interface FeatureReader extends AutoCloseable {
  /**
   * Opens a feature file of this library, CLAM or TRIDENT; the extension tells its format.
   *
   * @throws io.github.gpfm.api.GpfmException if it is missing, damaged or holds no features
   */
  static FeatureReader open(Path file) {
    String name = file.getFileName().toString();
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      throw new InvalidOptionException(
          file + " has no extension that tells its format, for instance .h5.");
    }
    return FeatureFormat.of(name.substring(dot + 1).toLowerCase(Locale.ROOT)).open(file);
  }

  /**
   * {@link #open} for those who need one vector a row.
   *
   * @throws io.github.gpfm.api.GpfmException if it is missing or damaged, or holds patch tokens
   */
  static FeatureReader openVectors(Path file) {
    FeatureReader reader = open(file);
    if (reader.patches() == 0) {
      return reader;
    }
    try (reader) {
      throw new GpfmException(
          "%s holds %d patch tokens a tile, but one vector a tile is needed: embed the slide with --tokens class, mean or class+mean."
              .formatted(file, reader.patches()));
    }
  }

  /** Number of rows. */
  int rows();

  /** Patch tokens of a row, row by row of their grid; 0 where a row is one vector. */
  int patches();

  /** Length of one vector. */
  int dimension();

  /** x0, y0, x1, y1, … in level-0 pixels, one pair a row; empty if the file holds none. */
  long[] coords();

  /** Edge of a tile in level-0 pixels, where the file says it. */
  default OptionalDouble tileSize() {
    return OptionalDouble.empty();
  }

  /**
   * What the file says of its coordinates, {@code patch_size_level0} and the like: {@code Long},
   * {@code Double} or {@code String} by name; empty in formats that have no room for it.
   */
  default SortedMap<String, Object> coordsAttributes() {
    return Collections.emptySortedMap();
  }

  /** Where the features come from, in files of this library. */
  Optional<Provenance> provenance();

  /**
   * Reads rows.
   *
   * @param firstRow the first
   * @param count how many
   * @return count x dimension, or count x patches x dimension, row-major
   * @throws IndexOutOfBoundsException if there are no such rows
   */
  float[] read(int firstRow, int count);

  @Override
  void close();
}
